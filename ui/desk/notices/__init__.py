"""What the desk was told by messages: taken once, said once, told as delivered once it was."""
