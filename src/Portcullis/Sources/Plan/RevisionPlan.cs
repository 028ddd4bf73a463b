using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Sources.Plan;

/// <summary>What becomes of one object.</summary>
internal enum PlannedChange
{
    Create,
    Configure,
    Unchanged,
    Prune,
}

/// <summary>One object of a plan that is shown.</summary>
internal sealed record PlannedObject(PlannedChange Change, ObjectIdentity Identity, string? Position, IReadOnlyList<FieldDifference> Differences);

/// <summary>A plan for people and pipelines: the same input gives the same bytes.</summary>
internal sealed record RevisionPlan(IReadOnlyList<PlannedObject> Objects)
{
    /// <summary>What changes from one revision to another.</summary>
    public static RevisionPlan Between(RevisionContent wanted, IReadOnlyList<RevisionObject> before, KindSet kinds)
    {
        var known = before.ToDictionary(b => b.Identity);
        var declared = wanted.Objects.Select(o => o.Identity).ToHashSet();
        var objects = wanted.Objects.Select(o => !known.TryGetValue(o.Identity, out var old)
            ? new PlannedObject(PlannedChange.Create, o.Identity, o.Position.ToString(), [])
            : old.Manifest.Digest == o.Manifest.Digest
                ? new PlannedObject(PlannedChange.Unchanged, o.Identity, o.Position.ToString(), [])
                : new PlannedObject(PlannedChange.Configure, o.Identity, o.Position.ToString(), FieldDifferences.Both(o.Manifest.ToObject(), old.Manifest.ToObject())));
        var pruned = before.Where(b => !declared.Contains(b.Identity)).Select(b => new PlannedObject(PlannedChange.Prune, b.Identity, b.Position.ToString(), []));
        return Ordered(objects.Concat(pruned), kinds);
    }

    public static RevisionPlan Ordered(IEnumerable<PlannedObject> objects, KindSet kinds) => new(
    [
        .. objects.OrderBy(o => o.Change == PlannedChange.Prune).ThenBy(o => kinds.StageOf(o.Identity.Group, o.Identity.Kind)).ThenBy(o => o.Identity),
    ]);

    public string ToText()
    {
        var text = new StringBuilder();
        var changes = Objects.Where(o => o.Change != PlannedChange.Unchanged).ToList();
        var width = Math.Min(60, changes.Select(o => o.Identity.ToString().Length).DefaultIfEmpty(0).Max());
        foreach (var one in changes)
        {
            var sign = one.Change switch
            {
                PlannedChange.Create => '+',
                PlannedChange.Prune => '-',
                _ => '~',
            };
            text.Append($"{sign} {one.Identity.ToString().PadRight(width)}  {one.Position}".TrimEnd()).Append('\n');
            foreach (var difference in one.Differences)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {difference}\n");
            }
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"{Count(PlannedChange.Create)} to create, {Count(PlannedChange.Configure)} to configure, {Count(PlannedChange.Prune)} to prune, {Count(PlannedChange.Unchanged)} unchanged\n")
            .ToString();
    }

    public JsonObject ToJson()
    {
        var objects = new JsonArray();
        foreach (var one in Objects)
        {
            var fields = new JsonArray();
            foreach (var difference in one.Differences)
            {
                fields.Add((JsonNode)new JsonObject { ["path"] = difference.Path, ["from"] = difference.Live, ["to"] = difference.Declared });
            }

            objects.Add((JsonNode)new JsonObject
            {
                ["change"] = one.Change.ToString().ToLowerInvariant(),
                ["kind"] = one.Identity.Kind,
                ["group"] = one.Identity.Group,
                ["namespace"] = one.Identity.Key.Namespace,
                ["name"] = one.Identity.Key.Name,
                ["position"] = one.Position,
                ["fields"] = fields,
            });
        }

        return new JsonObject
        {
            ["valid"] = true,
            ["created"] = Count(PlannedChange.Create),
            ["configured"] = Count(PlannedChange.Configure),
            ["pruned"] = Count(PlannedChange.Prune),
            ["unchanged"] = Count(PlannedChange.Unchanged),
            ["objects"] = objects,
        };
    }

    private int Count(PlannedChange change) => Objects.Count(o => o.Change == change);
}
