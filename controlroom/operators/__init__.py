"""Who may do what at a desk: roles and operators. Pure."""
