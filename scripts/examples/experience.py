# %% [markdown]
# # From a visit that was wasted to the call that followed
#
# A web log knows visits that ended somewhere; a call centre knows callers. Only together they show which visit became
# which call, and by whom: often it is not the one who was at the screen.
#
# The cells ask the graph of the settings (`mce config show`) about the people of the story, which `mce load --story`
# loads. Needs the extras `polars` and `parquet`. Opens as a notebook; `python scripts/examples/experience.py` runs it.

# %%
import polars

import mce_graph

AS_OF = "2026-11-01T12:00Z"
polars.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, tbl_width_chars=120, tbl_rows=20)
graph = mce_graph.connect()

# %% [markdown]
# ## Which visits were wasted, and why?
# Left unfinished, and nobody came back to finish it within a day. Where that day is not over yet, it is undecided.

# %%
visits = graph.selfcare.wasted_transactions(as_of=AS_OF)
frame = visits.to_polars()
print(frame.select("started_at", "kind", "intent", "last_page", "waste_cause", "recovered", "wasted", "undecided"))
print(f"{len(visits)} unfinished, {frame['wasted'].sum()} wasted.")

# %% [markdown]
# ## What cost our users most of their time?
# A mark for every half minute in a visit that led to nothing.

# %%
lost = frame.filter("wasted").group_by("waste_cause").agg(polars.sum("seconds_in")).sort("seconds_in", descending=True)
for cause, seconds in lost.iter_rows():
    print(f"{cause:<10} {'█' * round(seconds / 30):<10} {seconds:.0f} s")

# %% [markdown]
# ## Where in a flow do they leave?
# Every column says its unit; `.columns` has it, and so has the metadata of the Arrow table.

# %%
funnel = graph.selfcare.self_care_funnel("buyRoaming", min_n=1, as_of=AS_OF)
for step, came, left in funnel.to_polars().select("step", "entered", "left").iter_rows():
    print(f"{step:<16} {'█' * came:<6} {came} came, {left} left")
meaning = funnel.to_arrow().schema.field("median_seconds").metadata
print(f"median_seconds is in {meaning[b'unit'].decode()}.")

# %% [markdown]
# ## Which of them became a call?
# `by_whom` says whether the one who rang was the one who had been at the screen.

# %%
calls = graph.selfcare.failure_demand(as_of=AS_OF)
for call in calls:
    whom = {"self": "the same user", "other": f"somebody else ({call.contact_user_uid})", "unknown": "nobody knows who"}
    told = whom[call.by_whom or "unknown"]
    print(f"{call.intent} by {call.user_uid}: {told} called {call.gap_minutes:.0f} minutes later.")
share = len({call.transaction_uid for call in calls}) / frame["wasted"].sum()
print(f"{share:.0%} of the wasted visits became a contact.")

# %% [markdown]
# ## Who wasted several visits and never said a word?

# %%
for quitter in graph.selfcare.silent_quitters(as_of=AS_OF):
    print(f"{quitter.user_uid} ({quitter.kind}) behind {quitter.holder_uid}: {quitter.wasted} visits.")

# %% [markdown]
# ## More than fits into memory
# A stream gives the same rows batch by batch, each with the same data frames; leaving the block ends it on the server.

# %%
with graph.stream(graph.selfcare.wasted_transactions, as_of=AS_OF) as rows:
    sizes = [batch.to_arrow().num_rows for batch in rows.batches(3)]
print(f"batches of {', '.join(map(str, sizes))}")

# %%
graph.close()
