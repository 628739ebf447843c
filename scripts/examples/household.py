# %% [markdown]
# # From a number to a household, what it was promised and what it got
#
# A caller gives a mobile number and nothing else. Who is it, whose account is behind it, who else lives there, what was
# promised to them, and is anybody suffering without saying so?
#
# The cells ask the graph of the settings (`mce config show`) about the people of the story, which `mce load --story`
# loads. Needs the extras `polars` and `networkx`. Opens as a notebook; `python scripts/examples/household.py` runs it.

# %%
import networkx
import polars

import mce_graph

AS_OF = "2026-11-01T12:00Z"
polars.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, tbl_width_chars=120, tbl_rows=20)
graph = mce_graph.connect()

# %% [markdown]
# ## Who is it?
# One number leads to the user who calls, and from there to the account and to the customer who holds it.

# %%
found = graph.identify.find_party("+44 7700 900102", as_of=AS_OF)
print(found.to_polars().select("label", "uid", "name", "kind"))
caller = next(row for row in found if row.label == "User")
account = next(row for row in found if row.label == "Account")
holder = next(row for row in found if row.label == "Customer")
print(f"{caller.name} calls, a {caller.kind} user of the account {account.name}, which {holder.name} holds.")

# %% [markdown]
# ## Who else uses the account?
# The billing system knows one of them. `in_crm` says whom the back end has never heard of.

# %%
users = graph.identify.account_users(account.uid, as_of=AS_OF)
print(users.to_polars().select("nickname", "kind", "role", "in_crm"))
unknown = [user.nickname for user in users if not user.in_crm]
print(f"Unknown to the CRM: {', '.join(map(str, unknown))}.")

# %% [markdown]
# ## The household
# Its people with their roles, and the mean opinion score of what they had in the last 30 days.

# %%
household = graph.groups.household_profile("G-HOME", as_of=AS_OF)
print(household.to_polars().select("name", "role", "age_band", "minor", "open_tickets", "qoe", "qoe_n"))

# %% [markdown]
# ## What was promised to the caller?
# Agreements come by product, service, account or customer and by group. For each service and metric one of them wins.

# %%
promised = graph.sla.effective_sla(caller.uid, as_of=AS_OF)
print(
    promised.to_polars()
    .filter("wins")
    .select("service_uid", "metric", "comparator", "target", "unit", "sla_uid", "via")
    .sort("service_uid", "metric")
)
on_fibre = [row for row in promised if row.service_uid == "Service:S-1010" and row.metric == "availability"]
for row in on_fibre:
    print(f"{row.target} {row.unit} by the {row.via}{' wins' if row.wins else ''}: {' '.join(row.path or ())}")

# %% [markdown]
# ## Who suffers while the holder is fine?
# The holder would never call about it: somebody else on the account has the bad experience.

# %%
for bad in graph.qoe.hidden_bad_experience(as_of=AS_OF):
    if bad.account_uid == account.uid:
        print(f"{bad.user_uid} has {bad.user_qoe:.1f} on {bad.service_uid}, the holder {bad.holder_qoe:.1f}.")
        windows = graph.qoe.user_qoe(bad.user_uid, as_of=AS_OF).to_polars().sort("window_start")
        for start, mean, band in windows.select("window_start", "mean", "band").iter_rows():
            print(f"  {start:%d %b}  {mean:.1f} {'█' * round(mean * 4)} {band}")

# %% [markdown]
# ## The picture
# Nodes and relationships: for networkx, for a Mermaid block in a ticket, or as a page (`picture.to_html()`), which in a
# notebook is shown by `IPython.display.HTML`.

# %%
picture = graph.groups.household_profile_graph("G-HOME", as_of=AS_OF)
drawn = picture.to_networkx()
between = networkx.shortest_path(drawn.to_undirected(as_view=True), "User:U-1003", "User:U-1001")
print(f"{drawn.number_of_nodes()} things, {drawn.number_of_edges()} relationships.")
print(f"From Mia to Anna: {' - '.join(between)}")
print(picture.to_mermaid())

# %%
graph.close()
