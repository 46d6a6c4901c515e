"""Users. A user logs in and has one role; the employees hours are booked to are not users."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from jobbook.accounts.roles import Permission, Role, permissions_of
from jobbook.common.versioned import Versioned

PAGE_SIZES = (25, 50, 100, 200)


class UserManager(BaseUserManager["User"]):
    """E-mail addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, *, name: str, role: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip(), name=name, role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Versioned):
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # made by seed_demo: `check --deploy` fails while one is active
    date_joined = models.DateTimeField(auto_now_add=True)
    signature = models.TextField(blank=True)  # drawn once, for Add My Signature (jobbook/common/drawing.py)

    theme = models.CharField(max_length=8, blank=True, choices=[("light", "Light"), ("dark", "Dark")])
    shortcuts = models.BooleanField(default=True)
    page_size = models.PositiveSmallIntegerField(default=50)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_is_unique", violation_error_message="E-mail in use."
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def can(self, permission: Permission) -> bool:
        return self.is_active and permission in permissions_of(self.role)
