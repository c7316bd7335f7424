"""Every change of the plant that somebody asks for: checked, sent once, recorded, followed until it is seen."""
