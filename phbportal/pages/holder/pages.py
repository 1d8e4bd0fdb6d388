"""What a holder does with their plan and before they buy: component, address, title, and what fills it."""

from __future__ import annotations

from typing import Any

from phbportal import routes
from phbportal.pages.holder import ask_first, my_documents, my_letters, my_plan_acts, write_plan

PAGES: tuple[tuple[Any, str, str, Any], ...] = (
    (my_plan_acts.say, routes.MY_PLAN_COMMENT, "Say something about my plan", my_plan_acts.MyPlanCommentState.load),
    (my_plan_acts.sign, routes.MY_PLAN_SIGN, "Sign my plan", my_plan_acts.MyPlanSignState.load),
    (write_plan.write, routes.MY_PLAN_WRITE, "Write my plan", write_plan.WriteMyPlanState.load),
    (my_letters.my_letters, routes.MY_LETTERS, "How I get letters", my_letters.MyLettersState.load),
    (my_documents.my_documents, routes.MY_DOCUMENTS, "My documents", my_documents.MyDocumentsState.load),
    (ask_first.ask_first, routes.MY_ASK, "Ask before you buy", ask_first.AskFirstState.load),
)
