"""The page that tells how healthy the alarms are: figures beside their targets, and what to do."""
