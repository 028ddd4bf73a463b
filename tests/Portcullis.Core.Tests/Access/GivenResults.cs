using System.Text.Json.Nodes;
using Portcullis.Core.Collections;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Access;

/// <summary>
/// What comes of the planned actions, as a fixture gives it in a document of kind <c>Results</c>: <c>failed</c> and <c>away</c> by the id of the
/// action, <c>reverted</c> with who had made the change, <c>networkPolicies</c> when somebody knows whether they are enforced. All else is done.
/// </summary>
internal sealed class GivenResults(JsonObject? given)
{
    public NetworkPolicyFact? Network => given?["networkPolicies"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool enforced) => new NetworkPolicyFact(enforced, enforced ? "cilium enforces them" : "nothing enforces them"),
        _ => new NetworkPolicyFact(null, "nobody can say"),
    };

    public IReadOnlyList<ActionResult> Of(IReadOnlyList<PlannedAction> actions)
    {
        var results = new List<ActionResult>();
        var failed = new Dictionary<string, PlannedAction>();
        foreach (var action in actions)
        {
            var result = After(action, failed) ?? Itself(action);
            if (result is not ActionResult.Done)
            {
                failed[action.Id] = action;
            }

            results.Add(result);
        }

        return results;
    }

    private static ActionResult.Skipped? After(PlannedAction action, Dictionary<string, PlannedAction> failed) =>
        action.After.Where(failed.ContainsKey).Select(id => new ActionResult.Skipped(action, failed[id])).FirstOrDefault();

    private ActionResult Itself(PlannedAction action) =>
        given.Object("failed").String(action.Id) is { } message ? new ActionResult.Failed(action, new Problem("Forbidden", "", message))
        : given.Object("away").String(action.Id) is { } away ? new ActionResult.Failed(action, new Problem("Unavailable", "", away), IsAway: true)
        : new ActionResult.Done(action) { Reverted = given.Object("reverted").String(action.Id) is { } user ? new Attribution.User(user) : null };
}
