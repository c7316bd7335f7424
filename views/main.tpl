<html><body>{{apis_web}} {{converter_target}}</body></html>
