using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Tags and the images that they name, and who else may name some: <c>targets</c> itself and every delegation.</summary>
public sealed record TargetsRole : RoleContent
{
    private Index? _index;

    /// <summary>In the order in which they are listed.</summary>
    public IReadOnlyList<TufTarget> Targets { get; init; } = [];

    /// <summary>In their order, which is that of precedence; each is a direct child of this role.</summary>
    public IReadOnlyList<Delegation> Delegations { get; init; } = [];

    /// <summary>Keys that are listed and that no delegation has.</summary>
    public IReadOnlyList<TufKey> OtherKeys { get; init; } = [];

    /// <summary>Members of <c>delegations</c> that are not known here.</summary>
    public IReadOnlyList<UnknownMember> UnknownOfDelegations { get; init; } = [];

    public override IEnumerable<string> UnknownNames => base.UnknownNames.Concat(Names("delegations.", UnknownOfDelegations))
        .Concat(Delegations.SelectMany(d => Names($"delegations.{d.Name}.", d.Unknown)))
        .Concat(Targets.SelectMany(t => Names($"targets.{t.Name}.", t.Unknown)));

    /// <summary>A delegation by its name; null when there is none.</summary>
    public Delegation? Find(string name)
    {
        var index = _index;
        if (index is null || !ReferenceEquals(index.Of, Delegations))
        {
            // A copy of a record takes the index with it, and may have another list.
            index = _index = new Index(Delegations, Delegations.ToDictionary(d => d.Name, StringComparer.Ordinal));
        }

        return index.ByName.GetValueOrDefault(name);
    }

    private sealed record Index(IReadOnlyList<Delegation> Of, Dictionary<string, Delegation> ByName);

    internal override string Type => "Targets";

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("delegations");
        json.WritePropertyName("keys");
        KeyList.Write(json, [.. Delegations.SelectMany(d => d.Signers.Keys), .. OtherKeys]);
        json.WriteStartArray("roles");
        foreach (var delegation in Delegations)
        {
            delegation.Write(json);
        }

        json.WriteEndArray();
        WriteUnknown(json, UnknownOfDelegations);
        json.WriteEndObject();
        json.WriteStartObject("targets");
        foreach (var target in Targets)
        {
            json.WritePropertyName(target.Name);
            target.Write(json);
        }

        json.WriteEndObject();
    }
}
