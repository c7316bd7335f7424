"""Operation modes and converter commands do to the cluster what the recording of a real one shows."""

from typing import Any

import pytest

from main_controller.demo import views
from main_controller.demo.cluster import Cluster, UnknownNodeError
from main_controller.demo.house import CC_CHARGE, CC_DISCHARGE, CV, WAITING


def running() -> Cluster:
    cluster = Cluster(8, 1, ramp_s=60)
    for _ in range(20):
        cluster.step(10)
    assert cluster.bus.up
    assert len(cluster.deals) >= 2
    return cluster


def in_manual() -> Cluster:
    cluster = running()
    cluster.set_global_mode("manual")
    cluster.step(10)
    return cluster


def dcdc(cluster: Cluster, node: str) -> dict[str, Any]:
    return views.dcdc(cluster, cluster.house(node))


def reading(cluster: Cluster, node: str) -> tuple[str, float, float]:
    body = dcdc(cluster, node)
    return body["status"]["status"], body["meter"]["ig"], body["meter"]["wg"]


def with_cv(dig: float = 5.0) -> Cluster:
    cluster = in_manual()
    cluster.set_converter("E001", CV, 350, dig)
    for _ in range(7):
        cluster.step(10)
    assert cluster.bus.up
    return cluster


def assert_idle(cluster: Cluster) -> None:
    assert cluster.deals == []
    for body in views.log(cluster).values():
        assert body["dcdc"]["status"]["status"] == WAITING
        assert body["dcdc"]["meter"]["vg"] == body["dcdc"]["meter"]["wg"] == 0
        assert "deal_id_list" not in body["apis"]


def test_soft_stop_lets_deals_end_by_themselves_and_lets_none_begin() -> None:
    cluster = running()
    before = {deal.id for deal in cluster.deals}
    cluster.set_global_mode("heteronomous")
    cluster.step(10)
    assert cluster.deals, "none is cut"
    steps = 0
    while cluster.deals:
        assert {deal.id for deal in cluster.deals} <= before
        assert cluster.bus.up, "the bus is up as long as there are deals"
        cluster.step(10)
        steps += 1
        assert steps < 1000
    assert steps > 3
    cluster.step(10)
    assert_idle(cluster)
    assert cluster.active
    for _ in range(100):
        cluster.step(10)
        assert_idle(cluster)
    cluster.set_global_mode("autonomous")
    cluster.step(1)
    assert cluster.deals, "back in Run they deal at once"


@pytest.mark.parametrize("mode", ["stop", "manual", "nonsense", ""])
def test_force_stop_and_manual_cut_all_at_once(mode: str) -> None:
    cluster = running()
    cluster.set_global_mode(mode)
    assert_idle(cluster)
    assert not cluster.active
    shown = {body["apis"]["operation_mode"]["global"] for body in views.log(cluster).values()}
    assert shown == {"manual" if mode == "manual" else "stop"}
    cluster.step(1000)
    assert_idle(cluster)


@pytest.mark.parametrize("global_mode", ["autonomous", "heteronomous", "stop", "manual"])
@pytest.mark.parametrize("local", ["heteronomous", "stop", "", "nonsense"])
def test_effective_mode_is_the_local_one_only_while_the_cluster_is_active(global_mode: str, local: str) -> None:
    cluster = running()
    cluster.set_global_mode(global_mode)
    cluster.set_local_mode("E002", local)
    shown = views.log(cluster)["E002"]
    kept = local if local in ("heteronomous", "stop") else None
    effective = kept if kept and global_mode in ("autonomous", "heteronomous") else global_mode
    assert shown["apis"]["operation_mode"] == {"global": global_mode, "local": kept, "effective": effective}
    assert shown["oesunit"]["budo"] == ("1" if effective == "autonomous" else "0")


def test_a_local_force_stop_cuts_that_nodes_deals_and_no_others() -> None:
    cluster = running()
    victim = cluster.deals[0]
    others = [deal for deal in cluster.deals if victim.charging not in (deal.charging, deal.discharging)]
    cluster.set_local_mode(victim.charging.id, "stop")
    assert cluster.deals == others
    assert others
    assert reading(cluster, victim.charging.id)[:2] == (WAITING, 0)
    for _ in range(100):
        cluster.step(10)
        assert all(victim.charging not in (deal.charging, deal.discharging) for deal in cluster.deals)


def test_a_local_stop_of_the_cv_node_hands_the_voltage_over() -> None:
    cluster = running()
    holder = cluster.bus.cv
    assert holder is not None
    cluster.set_local_mode(holder.id, "stop")
    assert cluster.bus.up
    assert cluster.bus.cv is not holder
    assert sum(house.converter.ig for house in cluster.houses.values()) == pytest.approx(0)


def test_a_local_soft_stop_keeps_the_deals_and_makes_no_new_ones() -> None:
    cluster = running()
    node = cluster.deals[0].charging
    before = set(map(id, node.deals))
    cluster.set_local_mode(node.id, "heteronomous")
    assert set(map(id, node.deals)) == before
    for _ in range(600):
        cluster.step(10)
        assert set(map(id, node.deals)) <= before
    assert not node.deals


def test_the_manual_sequence_of_the_recording(recorded: list[dict[str, Any]]) -> None:
    cluster = in_manual()
    expected = {
        step: {node: recorded[step]["log"][node]["dcdc"] for node in ("E001", "E002", "E004")}
        for step in (58, 61, 65, 67, 69, 71)
    }

    def agrees(step: int) -> None:
        for node, theirs in expected[step].items():
            ours = dcdc(cluster, node)
            assert ours["meter"] == theirs["meter"], (step, node)
            assert ours["status"]["status"] == theirs["status"]["status"]
            assert ours["status"]["operationMode"] == theirs["status"]["operationMode"]
            if node != "E002" or step >= 65:
                assert ours["vdis"] == theirs["vdis"]
                assert ours["param"] == theirs["param"]

    cluster.set_converter("E001", CV, 350, 5)
    volts = []
    for _ in range(7):
        cluster.step(10)
        volts.append(cluster.bus.volts)
    assert volts == sorted(volts)
    assert 0 < volts[0] < 100
    agrees(58)
    cluster.set_converter("E004", CC_CHARGE, 350, 2)
    agrees(61)
    cluster.set_converter("E002", CC_DISCHARGE, 370, 1)
    agrees(65)
    cluster.set_converter("E004", WAITING, 350, 2)
    agrees(67)
    cluster.set_converter("E002", WAITING, 350, 2)
    agrees(69)
    cluster.set_converter("E001", WAITING, 350, 2)
    cluster.step(10)
    agrees(71)


def test_cc_before_the_bus_is_up_has_no_effect() -> None:
    cluster = in_manual()
    cluster.set_converter("E002", CC_CHARGE, 350, 2)
    assert reading(cluster, "E002") == (WAITING, 0, 0)
    cluster.set_converter("E001", CV, 350, 5)
    cluster.step(10)
    cluster.set_converter("E002", CC_CHARGE, 350, 2)
    for _ in range(10):
        cluster.step(10)
    assert cluster.bus.up
    assert reading(cluster, "E002") == (WAITING, 0, 0)


def test_without_its_cv_the_bus_drops_and_all_wait() -> None:
    cluster = with_cv()
    cluster.set_converter("E002", CC_CHARGE, 350, 2)
    cluster.set_converter("E001", WAITING, 350, 2)
    assert_idle(cluster)


def test_a_second_cv_has_no_effect() -> None:
    cluster = with_cv()
    cluster.set_converter("E003", CV, 350, 5)
    assert reading(cluster, "E003")[0] == WAITING
    assert reading(cluster, "E001")[0] == CV


def test_the_cv_node_gives_no_more_than_its_limit() -> None:
    cluster = with_cv(dig=1.5)
    cluster.set_converter("E002", CC_CHARGE, 350, 2)
    assert reading(cluster, "E002")[1] == 1.5
    assert reading(cluster, "E001")[1] == -1.5


def test_discharging_needs_a_voltage_above_the_bus() -> None:
    cluster = with_cv()
    cluster.set_converter("E002", CC_DISCHARGE, 350, 1)
    assert reading(cluster, "E002")[1] == 0
    cluster.set_converter("E002", CC_DISCHARGE, 370, 1)
    assert reading(cluster, "E002")[1] == -1


def test_force_stop_ends_what_was_set_by_hand() -> None:
    cluster = with_cv()
    cluster.set_global_mode("manual")
    assert cluster.bus.up, "manual again changes nothing"
    cluster.set_global_mode("stop")
    assert_idle(cluster)


def test_back_in_run_no_manual_command_is_left() -> None:
    cluster = with_cv()
    cluster.set_global_mode("autonomous")
    assert_idle(cluster)


def test_in_run_only_waiting_is_obeyed_and_ends_the_nodes_deals() -> None:
    cluster = running()
    idle = next(house.id for house in cluster.houses.values() if not house.deals)
    cluster.set_converter(idle, CC_CHARGE, 350, 2)
    assert reading(cluster, idle)[:2] == (WAITING, 0)
    deal = cluster.deals[0]
    cluster.set_converter(deal.charging.id, WAITING, 350, 2)
    assert deal not in cluster.deals
    assert reading(cluster, deal.charging.id)[:2] == (WAITING, 0)


def test_waiting_for_every_node_stops_all_sharing() -> None:
    cluster = running()
    for node in cluster.unit_ids:
        cluster.set_converter(node, WAITING, 350, 2)
    assert_idle(cluster)


@pytest.mark.parametrize("which", ["cv", "charging", "idle"])
def test_a_node_that_is_shut_down_leaves_and_the_rest_goes_on(which: str) -> None:
    cluster = running()
    dealing = {
        "cv": cluster.bus.cv,
        "charging": cluster.deals[0].charging,
        "idle": next(house for house in cluster.houses.values() if not house.deals),
    }
    gone = dealing[which]
    assert gone is not None
    cluster.shut_down(gone.id)
    for _ in range(100):
        log = views.log(cluster)
        assert gone.id not in log
        assert abs(sum(body["dcdc"]["meter"]["wg"] for body in log.values())) < 0.1
        assert all(gone not in (deal.charging, deal.discharging) for deal in cluster.deals)
        cluster.step(10)
        assert cluster.grid_master in cluster.houses
    assert gone.id in cluster.unit_ids
    assert cluster.deals
    with pytest.raises(UnknownNodeError):
        cluster.set_local_mode(gone.id, "stop")


def test_after_a_shutdown_of_all_nothing_is_left() -> None:
    cluster = running()
    cluster.shut_down(None)
    cluster.step(1000)
    assert views.log(cluster) == {}
    assert len(cluster.unit_ids) == 8


def test_an_empty_battery_gives_nothing_and_a_full_one_takes_nothing() -> None:
    cluster = with_cv()
    cluster.houses["E002"].battery_wh = 20
    cluster.set_converter("E002", CC_DISCHARGE, 370, 1)
    cluster.houses["E003"].battery_wh = 4799
    cluster.set_converter("E003", CC_CHARGE, 350, 1)
    cluster.step(10)
    assert reading(cluster, "E002")[:2] == (WAITING, 0)
    assert reading(cluster, "E003")[:2] == (WAITING, 0)


def test_an_unknown_mode_of_a_converter_is_refused() -> None:
    with pytest.raises(ValueError, match="no mode 0x9999"):
        in_manual().set_converter("E001", "0x9999", 350, 2)
