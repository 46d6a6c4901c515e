from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0004_no_options"),
    ]

    operations = [
        migrations.CreateModel(
            name="PackageList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("setting", "setting"),
                            ("client", "client"),
                            ("item", "item"),
                            ("tax", "tax"),
                            ("terms", "terms"),
                        ],
                        max_length=8,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by_name", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("format", "kind"), name="package_list_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["setting", "client", "item", "tax", "terms"])),
                        name="package_list_kind_is_known",
                    ),
                ],
            },
        ),
    ]
