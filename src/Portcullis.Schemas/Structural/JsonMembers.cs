using System.Text.Json.Nodes;

namespace Portcullis.Schemas.Structural;

/// <summary>Takes members out of a JSON object, in a time that grows with the object and not with its square.</summary>
public static class JsonMembers
{
    private const int Few = 16;

    public static void RemoveAll(JsonObject value, IReadOnlyCollection<string> names)
    {
        if (names.Count <= Few)
        {
            foreach (var name in names)
            {
                value.Remove(name);
            }

            return;
        }

        var gone = names.ToHashSet(StringComparer.Ordinal);
        var kept = value.Where(p => !gone.Contains(p.Key)).ToList();
        value.Clear();
        foreach (var (name, member) in kept)
        {
            value.Add(name, member);
        }
    }
}
