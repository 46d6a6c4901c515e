"""Addresses of expenses and their receipts."""

from django.urls import path, re_path

from jobbook.jobs.views import expense_acts, expenses

urlpatterns = [
    path("expenses/", expenses.expense_list, name="expense_list"),
    path("expenses/new/", expenses.expense_new, name="expense_new"),
    path("expenses/<int:pk>/", expenses.expense_page, name="expense_page"),
    path("expenses/<int:pk>/edit/", expenses.expense_edit, name="expense_edit"),
    path("expenses/<int:pk>/receipt/", expenses.expense_receipt, name="expense_receipt"),
    re_path(
        r"^expenses/(?P<pk>[0-9]{1,18})/(?P<slug>submit|delete|send-back|reopen|process|unprocess)/$",
        expense_acts.expense_act,
        name="expense_act",
    ),
]
