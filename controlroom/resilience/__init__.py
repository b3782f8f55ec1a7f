"""How many failures away a service is from loss: services as Boolean functions of what can fail. Pure."""
