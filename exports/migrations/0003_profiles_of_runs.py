"""Each run made before profiles were kept gets one with the options it had."""

import hashlib
import json

from django.db import migrations


def fill(apps, schema_editor):
    runs, profiles = apps.get_model("exports", "ExportRun"), apps.get_model("exports", "FrozenProfile")
    for options in set(runs.objects.values_list("options", flat=True)):
        text = json.dumps({"maps": {}, "settings": json.loads(options)}, sort_keys=True, separators=(",", ":"))
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        profile = profiles.objects.get_or_create(sha256=sha256, defaults={"text": text})[0]
        runs.objects.filter(options=options).update(profile=profile)


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_profiles")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
