using System.Collections.Frozen;

namespace Portcullis.Core.Kinds;

/// <summary>The kinds that a program serves, in the order in which a revision applies them.</summary>
public sealed class KindSet(IReadOnlyList<KindDefinition> kinds)
{
    private const int FirstOfOurs = 10;
    /// <summary>The last stage: kinds that nothing else depends on.</summary>
    public const int Rest = 1000;

    private readonly FrozenDictionary<(string ApiVersion, string Kind), KindDefinition> _byVersion =
        kinds.ToFrozenDictionary(k => (k.Resource.ApiVersion, k.Resource.Kind));

    private readonly FrozenDictionary<(string Group, string Kind), int> _places =
        kinds.Select((k, i) => (k.Resource.Group, k.Resource.Kind, Place: i)).ToFrozenDictionary(k => (k.Group, k.Kind), k => k.Place);

    public IReadOnlyList<KindDefinition> All => kinds;

    /// <summary>The kinds that Git may declare.</summary>
    public IEnumerable<KindDefinition> Declarable => kinds.Where(k => k.Declarable);

    /// <summary>The rules of all kinds.</summary>
    public IEnumerable<IRevisionRule> Rules => kinds.SelectMany(k => k.Rules);

    public KindDefinition? Find(string apiVersion, string kind) => _byVersion.GetValueOrDefault((apiVersion, kind));

    /// <summary>The kind in whatever version.</summary>
    public KindDefinition? FindByGroup(string group, string kind) => _places.TryGetValue((group, kind), out var place) ? kinds[place] : null;

    public bool HasGroup(string group) => kinds.Any(k => k.Resource.Group == group);

    /// <summary>
    /// The order in which a revision is applied: what others live in or are read by comes first. Kinds of one stage may be applied side by side.
    /// </summary>
    public int StageOf(string group, string kind) => (group, kind) switch
    {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => 0,
        ("", "Namespace") => 1,
        ("rbac.authorization.k8s.io", "ClusterRole") or ("", "ServiceAccount") or ("", "Secret") or ("", "ConfigMap") => 2,
        _ => _places.TryGetValue((group, kind), out var place) ? FirstOfOurs + place : Rest,
    };

    /// <summary>These kinds and one more, applied last.</summary>
    public KindSet With(KindDefinition kind) => new([.. kinds, kind]);
}
