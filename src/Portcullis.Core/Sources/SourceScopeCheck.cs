using System.Text.RegularExpressions;
using Portcullis.Core.Access;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;

namespace Portcullis.Core.Sources;

/// <summary>Entries of a scope that can match nothing, and so are mistakes: the source would be refused what it was meant to be allowed.</summary>
internal sealed partial class SourceScopeCheck(DeclaredRevision revision)
{
    private readonly ScopeKinds _kinds = new(revision);
    private readonly Lazy<HashSet<string>> _roles = new(() =>
    [
        .. revision.Of(AccessRole.Definition).Select(r => r.Key.Name), .. TypedObject.InForce<AccessRole>(revision).Select(r => r.Key.Name),
    ]);

    public IEnumerable<(string Field, string Message)> Of(SourceScope scope) =>
        Each("kinds", scope.Kinds, _kinds.Problem)
            .Concat(Each("collections", scope.Collections, OfCollection))
            .Concat(Each("namespaces", scope.Namespaces, n => NamespacePattern().IsMatch(n) ? null : $"\"{n}\" cannot name a namespace: use lower-case letters, digits, '-' and '*'"))
            .Concat(Each("subjects", scope.Subjects, OfSubject))
            .Concat(Each("repositories", scope.Repositories, r => RepositoryPattern().IsMatch(r) ? null : $"\"{r}\" cannot name a repository: use lower-case letters, digits, '.', '_', '-', '/' and '*'"))
            .Concat(Each("secrets", scope.Secrets, s => SecretPattern().IsMatch(s) ? null : $"\"{s}\" cannot name a Secret: use lower-case letters, digits, '-', '.' and '*'"))
            .Concat(OfRole(scope.MaximumRole));

    private static IEnumerable<(string Field, string Message)> Each(string list, IReadOnlyList<string>? entries, Func<string, string?> problem)
    {
        for (var i = 0; i < (entries?.Count ?? 0); i++)
        {
            if (problem(entries![i]) is { } message)
            {
                yield return ($"spec.scope.{list}[{i}]", message);
            }
        }
    }

    private static string? OfCollection(string path) =>
        path == "/" || CollectionPattern().IsMatch(path) ? null
        : CollectionPattern().IsMatch("/" + path) ? $"\"{path}\" must begin with a slash: write /{path}"
        : $"\"{path}\" is not the path of a collection such as /production/mobile";

    private static string? OfSubject(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        if (kind.Contains('*', StringComparison.Ordinal))
        {
            return null;
        }

        if (colon < 0 || !Enum.GetNames<SubjectKind>().Contains(kind))
        {
            var near = Spelling.Nearest(kind, Enum.GetNames<SubjectKind>()) is { } meant ? $"; did you mean {meant}?" : "";
            return $"\"{text}\" must be Kind:name, such as User:ann, Team:acme/dev, Organization:acme or ServiceAccount:ci/deployer{near}";
        }

        var name = text[(colon + 1)..];
        var isPair = kind is nameof(SubjectKind.Team) or nameof(SubjectKind.ServiceAccount);
        return name.Length == 0 || (isPair && name.IndexOfAny(['/', '*']) < 0)
            ? $"\"{text}\" matches nobody: a Team is named organization/team, a ServiceAccount namespace/name"
            : null;
    }

    private IEnumerable<(string Field, string Message)> OfRole(string? name)
    {
        if (name is null || BuiltInRoles.Find(name) is not null || _roles.Value.Contains(name) || revision.MayHold(AccessRole.Definition, name))
        {
            yield break;
        }

        var near = Spelling.Nearest(name, [.. BuiltInRoles.Names, .. _roles.Value]) is { } meant ? $"; did you mean {meant}?" : "";
        yield return ("spec.scope.maximumRole", $"there is no role {name}{near}");
    }

    [GeneratedRegex(@"^(/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,10}/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CollectionPattern();

    [GeneratedRegex(@"^[-a-z0-9*]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^[-a-z0-9.*]{1,253}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretPattern();

    [GeneratedRegex(@"^[-a-z0-9._/*]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPattern();
}
