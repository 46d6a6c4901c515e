"""Fixed-price jobs are found without reading all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0006_active_jobs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["billing_type", "job_number"], name="job_billing_type"),
        ),
    ]
