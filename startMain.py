"""Main Controller's settings (specification, section 7.1) and its start.

Each variable can be changed here, by the environment (MAIN_CONTROLLER_ and the name in capitals) or on the
command line (-- and the name, dashes for underscores); ``python3 startMain.py --help`` explains them all.
"""

import sys

b_host = "0.0.0.0"
b_port = 4382
emul_port = 4390
budo_port = 4383
emulator = True
apis = True
apis_host = "localhost"
apis_emul_port = 43900
apis_budo_port = 43830
apis_emul_url = ""  # empty: http://<apis_host>:<apis_emul_port>
apis_budo_url = ""  # empty: http://<apis_host>:<apis_budo_port>
ups_set_url = ":8080/1/ups1/operation/mode"
set_url = ":4380/remote/set?"
url = {"dcdc": ":4380/remote/get", "meter": ":4380/inquiry/09", "emu": ":8080/1/log/data"}
emul_url = ""  # empty: http://localhost:<emul_port>
budo_url = ""  # empty: http://localhost:<budo_port>
datacollectorinterval = 5
schedulerInterval = 5
neighbour_timeout = 3
poll_timeout = 4
stale_after = 20
ledger_days = 365
dvg_max = 400
dig_max = 50
allowed_hosts = ""
device_networks = (
    "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10, fc00::/7, fe80::/10"
)
connections_per_address = 128
state_folder = ""  # empty: the folder of this file

if __name__ == "__main__":
    from main_controller.launch import main

    sys.exit(main(globals()))
