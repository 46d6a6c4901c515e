"""Active jobs are found without looking at the closed ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0005_expense_date"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=models.Q(("active", True)), fields=["job_number"], name="job_active"),
        ),
    ]
