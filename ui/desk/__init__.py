"""The desk: the Qt window that shows and acts. It measures and judges nothing."""
