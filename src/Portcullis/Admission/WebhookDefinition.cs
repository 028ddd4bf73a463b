namespace Portcullis.Admission;

/// <summary>A mutating webhook may change the object, a validating one sees what is stored.</summary>
internal enum WebhookPhase
{
    Mutating,
    Validating,
}

/// <summary>What the API server does with a request when the webhook cannot be called.</summary>
internal enum WebhookFailurePolicy
{
    /// <summary>It rejects the request.</summary>
    Fail,

    /// <summary>It admits the request.</summary>
    Ignore,
}

/// <summary>What the API server must know of a webhook; the webhook configurations are generated from it.</summary>
internal sealed record WebhookDefinition(string Path, WebhookPhase Phase, WebhookFailurePolicy FailurePolicy, TimeSpan Timeout)
{
    /// <summary>The requests it is called for: each an entry of its own in the configuration, since selectors are of an entry.</summary>
    public required IReadOnlyList<WebhookMatch> Matches { get; init; }

    /// <summary>Whether a mutating webhook is called once more when another one changed the object after it.</summary>
    public bool IsReinvoked { get; init; }
}

/// <summary>One entry of a webhook configuration: its name, and the requests that it matches.</summary>
internal sealed record WebhookMatch(string Name, params IReadOnlyList<WebhookRule> Rules)
{
    /// <summary>Labels of the object's namespace; null for every namespace.</summary>
    public RequiredLabel? Namespaces { get; init; }

    /// <summary>Namespaces for whose objects it is not called; null where the entry says nothing of it.</summary>
    public IReadOnlyList<string>? ExceptNamespaces { get; init; }

    /// <summary>Labels of the object; null for every object.</summary>
    public RequiredLabel? Objects { get; init; }

    /// <summary>What must hold of the request; null for nothing.</summary>
    public MatchCondition? Condition { get; init; }
}

/// <summary>A CEL expression over <c>object</c>, <c>oldObject</c> and <c>request</c>.</summary>
internal sealed record MatchCondition(string Name, string Expression);

/// <summary>Resources of some API groups in every version, and the operations on them.</summary>
internal sealed record WebhookRule(IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Operations);

/// <summary>A label that must be present, with this value if one is given.</summary>
internal sealed record RequiredLabel(string Key, string? Value = null);
