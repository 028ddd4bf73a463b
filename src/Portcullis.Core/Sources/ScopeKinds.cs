using System.Text.RegularExpressions;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Sources;

/// <summary>
/// The kinds that a scope may name: ours by their kind alone, others with their group. A group that neither Kubernetes nor the revision defines
/// may hold any kind: its definition may be in the cluster.
/// </summary>
internal sealed partial class ScopeKinds
{
    private readonly IReadOnlyList<KindDefinition> _ours;
    private readonly HashSet<string> _known;
    private readonly HashSet<string> _closedGroups;

    public ScopeKinds(DeclaredRevision revision)
    {
        _ours = [.. revision.Kinds.Declarable];
        var brought = revision.Of(ClusterKinds.CustomResourceDefinition).SelectMany(d => DeclaredKinds.Of(d.Value)).ToList();
        _known = [.. BuiltInKinds.All.Concat(brought).Select(Full)];
        var mayBeMore = revision.MayHold(ClusterKinds.CustomResourceDefinition);
        _closedGroups = [.. BuiltInKinds.All.Concat(mayBeMore ? [] : brought).Select(r => r.Group), .. revision.Kinds.All.Select(k => k.Resource.Group)];
    }

    /// <summary>What is wrong with an entry; null when nothing is.</summary>
    public string? Problem(string entry)
    {
        if (_ours.FirstOrDefault(k => k.Resource.Kind == entry || Full(k.Resource) == entry) is { } ours)
        {
            return ours.Claims is null ? $"only the root source may declare {ours.Resource.Kind}, whatever the scope" : null;
        }

        var dot = entry.IndexOf('.', StringComparison.Ordinal);
        var group = dot < 0 ? "" : entry[(dot + 1)..];
        if (_known.Contains(entry) || (!_closedGroups.Contains(group) && Kind().IsMatch(dot < 0 ? entry : entry[..dot])))
        {
            return null;
        }

        return Near(entry) is { } meant
            ? $"there is no kind {entry}; did you mean {meant}?"
            : $"there is no kind {entry}: write Grant, or Kind.group for kinds of others (ConfigMap, Ingress.networking.k8s.io)";
    }

    private static string Full(ApiResource resource) => resource.Group.Length == 0 ? resource.Kind : $"{resource.Kind}.{resource.Group}";

    /// <summary>The same kind in its own group, else the nearest spelling.</summary>
    private string? Near(string entry)
    {
        var usable = _ours.Where(k => k.Claims is not null).Select(k => k.Resource.Kind).Concat(_known).ToList();
        return _known.FirstOrDefault(k => k.StartsWith(entry + ".", StringComparison.Ordinal)) ?? Spelling.Nearest(entry, usable);
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Kind();
}
