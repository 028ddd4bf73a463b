using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Revisions;

/// <summary>Where a manifest stands in Git. <see cref="Line"/> counts from 1.</summary>
public readonly record struct SourcePosition(string File, int Line)
{
    /// <summary><c>file:line</c>. Whoever may commit may choose the name: it must not break or turn around the line it is shown in.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(File.Any(IsUnseen) ? string.Concat(File.Select(Shown)) : File)}:{Line}");

    private static bool IsUnseen(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Shown(char c) => c switch
    {
        '\n' => "\\n",
        '\t' => "\\t",
        _ when IsUnseen(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };
}

/// <summary>
/// One object that a revision declares. <see cref="Value"/> has passed its schema, so typed reading cannot fail.
/// <see cref="PositionOf"/> finds the line of a field path such as <c>spec.role</c>.
/// </summary>
public sealed class DeclaredObject(ApiResource resource, ObjectKey key, Func<JsonObject> content, Func<string, SourcePosition> positionOf)
{
    private JsonObject? _value;

    public ApiResource Resource => resource;

    public ObjectKey Key => key;

    /// <summary>The content, parsed when it is first asked for: most rules look at few kinds, and revisions may be large.</summary>
    public JsonObject Value => _value ??= content();

    public Func<string, SourcePosition> PositionOf => positionOf;

    public SourcePosition Position => PositionOf("");
}

/// <summary>
/// All that a revision declares, and what is in force besides it (declared by other sources; empty when validating offline).
/// </summary>
public sealed record DeclaredRevision(IReadOnlyList<DeclaredObject> Objects, IReadOnlyList<JsonObject> InForce)
{
    /// <summary>Objects that were told to be wrong already. To say as well that they are missing would only hide what is to be mended.</summary>
    public IReadOnlyList<BrokenManifest> Broken { get; init; } = [];

    /// <summary>Whether one of them may be an object of this kind (and name).</summary>
    public bool MayHold(ApiResource resource, string? name = null) =>
        Broken.Any(b => b.Kind is null || (b.Kind == resource.Kind && (name is null || b.Name is null || b.Name == name)));

    /// <summary>The declared objects of one kind.</summary>
    public IEnumerable<DeclaredObject> Of(ApiResource resource) =>
        Objects.Where(o => o.Resource.Group == resource.Group && o.Resource.Kind == resource.Kind);
}

/// <summary>Something wrong with a revision; it keeps the whole revision out.</summary>
public sealed record RevisionProblem(SourcePosition Position, string Message)
{
    /// <summary><c>file:line: message</c>.</summary>
    public override string ToString() => $"{Position}: {Message}";
}

/// <summary>A check across resources (unknown collection, duplicate path). Rules never stop at the first problem.</summary>
public interface IRevisionRule
{
    IEnumerable<RevisionProblem> Check(DeclaredRevision revision);
}

/// <summary>Every rule; a new one is one line here.</summary>
public static class RevisionRules
{
    public static IReadOnlyList<IRevisionRule> All { get; } =
    [
        new CustomKindRule(),
        new Hardening.HardeningRules(),
        new Organizations.OrganizationRule(),
        new Roles.AccessRoleRule(),
        new Collections.CollectionRule(),
        new Grants.GrantRule(),
    ];

    /// <summary>All problems of all rules, ordered by place.</summary>
    public static IReadOnlyList<RevisionProblem> Check(DeclaredRevision revision) =>
    [
        .. All.SelectMany(rule => rule.Check(revision))
            .OrderBy(p => p.Position.File, StringComparer.Ordinal)
            .ThenBy(p => p.Position.Line)
            .ThenBy(p => p.Message, StringComparer.Ordinal),
    ];
}
