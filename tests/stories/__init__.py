"""Stories: letters in, conditions and alarms out. The texts are the TOML files beside this one."""
