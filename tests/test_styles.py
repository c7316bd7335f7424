"""The style sheets lie in layers: what wins is said in css/layers.css alone, by no selector and no exclamation mark."""

import re

import pytest

from tests.running import ROOT

CSS = ROOT / "css"
LAYERS = re.sub(r"/\*.*?\*/", "", (CSS / "layers.css").read_text(), flags=re.S)
IMPORTS = re.findall(r'@import url\("(.*?)"\) layer\((.*?)\);', LAYERS)
FILES = sorted(path.name for path in CSS.glob("*.css"))


def test_the_order_of_the_layers_stands_before_all_else_with_jquery_ui_lowest() -> None:
    order = re.match(r"\s*@layer (.*?);", LAYERS)
    assert order is not None
    names = order[1].split(", ")
    assert names[0] == "jquery-ui"
    assert {layer for _, layer in IMPORTS} == set(names)
    assert [file for file, layer in IMPORTS if layer == "jquery-ui"] == ["jquery-ui.css"]


def test_every_rule_lies_in_a_declared_layer() -> None:
    assert sorted(file for file, _ in IMPORTS) == sorted({"jquery-ui.css", *FILES} - {"layers.css"})
    assert re.sub(r"@(layer|import) [^;{]*;", "", LAYERS).strip() == ""


@pytest.mark.parametrize("name", sorted(set(FILES) - {"layers.css"}))
def test_a_style_sheet_leaves_the_layers_to_layers_css(name: str) -> None:
    assert not re.search(r"@layer|@import|!\s*important", (CSS / name).read_text())


def test_the_page_links_the_layers_and_asks_at_once_for_all_that_they_import() -> None:
    head = (ROOT / "views" / "main.tpl").read_text().split("</head>")[0]
    assert re.findall(r'<link rel="stylesheet" href="(.*?)">', head) == ["css/layers.css"]
    preloaded = re.findall(r'<link rel="preload" href="css/(.*?)" as="style">', head)
    assert preloaded == [file for file, _ in IMPORTS]
    assert "<style" not in head
