import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0003_profiles_of_runs")]

    operations = [
        migrations.AlterField(
            "exportrun",
            "profile",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="exports.frozenprofile"
            ),
        ),
        migrations.RemoveField("exportrun", "options"),
    ]
