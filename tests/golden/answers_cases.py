"""One question for every intent and for every honest way of not answering it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from analytics.answers.answer import AnswerContext
from analytics.model import Condition, Query

CONTEXT = AnswerContext(
    next_refit=datetime(2026, 10, 12, 8, 0, tzinfo=ZoneInfo("Europe/London")),
    timezone="Europe/London",
    digest_channel="#growth",
)
_RICH = (Condition("CREDIT_LIMIT", ">", 8000.0),)
_PURCHASES = ("PURCHASES",)

CASES: dict[str, Query] = {
    "overview": Query("overview"),
    "overview_past": Query("overview", as_of=date(2026, 8, 10)),
    "segment_profile": Query("segment_profile", segments=(2,)),
    "segment_profile_none_named": Query("segment_profile"),
    "compare_segments": Query("compare_segments", segments=(1, 4)),
    "compare_with_everyone": Query("compare_segments", segments=(5,)),
    "compare_all": Query("compare_segments"),
    "compare_on_features": Query(
        "compare_segments", segments=(1, 2), features=("CREDIT_LIMIT", "UTILISATION")
    ),
    "compare_with_past": Query("compare_segments", segments=(5,), as_of=date(2026, 9, 7)),
    "segment_size": Query("segment_size", segments=(1,)),
    "segment_size_all": Query("segment_size", features=_PURCHASES),
    "segment_trend": Query("segment_trend", segments=(2,)),
    "segment_trend_all": Query("segment_trend", weeks=4),
    "segment_trend_feature": Query("segment_trend", segments=(5,), features=("CASH_ADVANCE",)),
    "feature_stat": Query("feature_stat", features=_PURCHASES, segments=(3,)),
    "segment_size_together": Query("segment_size", segments=(1, 2, 4, 5)),
    "feature_stat_together": Query(
        "feature_stat", features=("UTILISATION",), statistic="mean", segments=(1, 2, 3, 5)
    ),
    "feature_stat_everyone": Query("feature_stat", features=("CASH_ADVANCE",), statistic="p90"),
    "feature_stat_filter": Query("feature_stat", features=("BALANCE",), filter=_RICH),
    "feature_stat_share": Query(
        "feature_stat", features=_PURCHASES, statistic="share", segments=(4, 2)
    ),
    "feature_stat_none": Query(
        "feature_stat", features=("CASH_ADVANCE",), statistic="zero_share", segments=(1, 2)
    ),
    "feature_stat_count": Query("feature_stat", features=("CASH_ADVANCE",), statistic="count"),
    "rank_segments": Query("rank_segments", order="desc", top=1),
    "rank_by_feature": Query("rank_segments", features=("CASH_ADVANCE",)),
    "rank_by_part": Query("rank_segments", features=_PURCHASES, statistic="share", top=1),
    "rank_by_share": Query("rank_segments", features=("UTILISATION",), order="asc", top=3),
    "distribution": Query("distribution", features=_PURCHASES, segments=(2,)),
    "distribution_mostly_none": Query("distribution", features=("CASH_ADVANCE",)),
    "distribution_months": Query("distribution", features=("TENURE",)),
    "breakdown": Query("breakdown", trait="AGE_BAND", segments=(2,)),
    "breakdown_all": Query("breakdown", trait="REGION"),
    "migration": Query("migration"),
    "migration_from": Query("migration", from_segment=2),
    "migration_to": Query("migration", to_segment=1, weeks=4),
    "migration_between": Query("migration", from_segment=2, to_segment=1),
    "migration_most_left": Query("migration", order="desc", term="left"),
    "migration_joined": Query("migration", weeks=4, term="joined"),
    "drift": Query("drift"),
    "drift_weeks": Query("drift", weeks=8),
    "drift_of_a_feature": Query("drift", features=_PURCHASES, since=date(2026, 10, 5)),
    "drift_quiet": Query("drift", segments=(3,)),
    "explain_segment": Query("explain_segment", segments=(1,)),
    "explain_change": Query("explain_change", segments=(2,)),
    "explain_change_weeks": Query("explain_change", segments=(6,), weeks=4),
    "explain_change_of_purchases": Query("explain_change", segments=(2,), features=_PURCHASES),
    "explain_change_all": Query("explain_change"),
    "customer_lookup": Query("customer_lookup", customer="C10003"),
    "customer_lookup_past": Query("customer_lookup", customer="C10003", as_of=date(2026, 8, 17)),
    "customer_history": Query("customer_history", customer="C10001"),
    "explain_customer": Query("explain_customer", customer="C10003"),
    "explain_customer_asked": Query("explain_customer", customer="C10003", segments=(4,)),
    "find_customers": Query("find_customers", filter=_RICH),
    "find_customers_top": Query("find_customers", features=_PURCHASES, top=3, segments=(4,)),
    "example_customers": Query("find_customers", segments=(1,), top=3),
    "recommend": Query("recommend", segments=(1,)),
    "recommend_offer": Query("recommend", offer="instalment offer"),
    "recommend_both": Query("recommend", segments=(6,), offer="instalment offer"),
    "recommend_all": Query("recommend"),
    "no_offer": Query("recommend", offer="free toaster"),
    "model_info": Query("model_info"),
    "schedule": Query("schedule"),
    "digest": Query("digest"),
    "digest_quiet": Query("digest", as_of=date(2026, 8, 24)),
    "glossary": Query("glossary", features=("PRC_FULL_PAYMENT",)),
    "glossary_trait": Query("glossary", term="age band"),
    "glossary_term": Query("glossary", term="transactr"),
    "glossary_unknown": Query("glossary", term="blockchain"),
    "help": Query("help"),
    "smalltalk": Query("smalltalk"),
    "export_audience": Query("export_audience", segments=(2,)),
    "borderline_customers": Query("find_customers", term="borderline"),
    "borderline_between": Query("find_customers", segments=(2, 3), term="borderline"),
    "alike_customers": Query("find_customers", customer="C10001"),
    "model_info_segment": Query("model_info", segments=(2,)),
    "model_info_fresh": Query("model_info", term="freshness"),
    "rename_segment": Query("rename_segment", segments=(2,), name="Payers"),
    "refit_now": Query("refit_now"),
    "no_such_segment": Query("segment_profile", segments=(9,)),
    "no_such_date": Query("overview", as_of=date(2025, 12, 1)),
    "no_such_customer": Query("customer_lookup", customer="C99999"),
    "not_held": Query("feature_stat", features=("AGE",)),
    "retired_segment": Query("segment_profile", segments=(7,)),
}
