namespace Portcullis.Objects;

/// <summary>One column of <c>kubectl get</c>. <see cref="Type"/> is string, integer, number, boolean or date; priority 1 shows with <c>-o wide</c>.</summary>
public sealed record PrinterColumn(string Name, string JsonPath, string Type = "string", int Priority = 0, string? Description = null);

/// <summary>The fields of a CRD beyond its schema.</summary>
public sealed record CrdOptions
{
    /// <summary>Shown by <c>kubectl explain</c>.</summary>
    public required string Description { get; init; }

    /// <summary>The columns between Name and the usual Ready, Status and Age: the one datum a reader scans for.</summary>
    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];
}

/// <summary>A CEL rule (<c>x-kubernetes-validations</c>) on the type or property it stands on.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class RuleAttribute(string expression, string message) : Attribute
{
    public string Expression { get; } = expression;

    public string Message { get; } = message;
}

/// <summary>Marks a list of objects as a map keyed by these properties (<c>x-kubernetes-list-type: map</c>), or as a set of scalars when empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}

/// <summary>Leaves a property's content to the user: anything goes (<c>x-kubernetes-preserve-unknown-fields</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PreserveUnknownFieldsAttribute : Attribute;

/// <summary>How many items a list or map may have (<c>minItems</c>, <c>maxItems</c>, or the same of properties); the framework's own attribute does not trim.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(int maximum) : Attribute
{
    public int Maximum { get; } = maximum;

    public int Minimum { get; init; }
}
