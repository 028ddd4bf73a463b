using Portcullis.Core.Registries;

namespace Portcullis.Core.Identity;

/// <summary>
/// Reads the <c>scope</c> parameters of a request for a token (Docker registry token specification, "Resource Scope"; OAuth 2.0 writes several
/// into one parameter, with spaces between them): <c>repository:samalba/my-app:pull,push</c>.
/// </summary>
public sealed record TokenScopes(IReadOnlyList<TokenScope> Asked, IReadOnlyList<RefusedScope> Refused)
{
    /// <summary>A client asks for one, or for two when it mounts a blob.</summary>
    private const int Most = 50;

    private const int LongestText = 1024;

    /// <param name="parameters">The values of the parameter, in order.</param>
    /// <param name="host">The gateway's own host, with the port that clients name: the only one that may stand before a repository.</param>
    public static TokenScopes Parse(IEnumerable<string?> parameters, string host)
    {
        var asked = new List<TokenScope>();
        var refused = new List<RefusedScope>();
        foreach (var text in parameters.SelectMany(p => (p ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (asked.Count + refused.Count == Most)
            {
                break;
            }

            if (Read(text, host, out var reason) is { } scope)
            {
                Add(asked, scope);
            }
            else
            {
                refused.Add(new RefusedScope(Shown(text), reason));
            }
        }

        return new TokenScopes(asked, refused);
    }

    private static void Add(List<TokenScope> asked, TokenScope scope)
    {
        var at = asked.FindIndex(s => s.Type == scope.Type && s.Class == scope.Class && s.Name == scope.Name);
        if (at < 0)
        {
            asked.Add(scope);
        }
        else
        {
            asked[at] = scope with { Actions = [.. asked[at].Actions.Union(scope.Actions)] };
        }
    }

    private static TokenScope? Read(string text, string host, out string reason)
    {
        // A host may have a port, so the name is all that stands between the first and the last colon.
        var first = text.IndexOf(':', StringComparison.Ordinal);
        var last = text.LastIndexOf(':');
        if (text.Length > LongestText || first <= 0 || last == first)
        {
            reason = "a scope is TYPE:NAME:ACTIONS";
            return null;
        }

        var name = text[(first + 1)..last];
        var actions = text[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        return TypeAndClass(text[..first]) switch
        {
            (TokenAccess.RepositoryType, var kind) => OfRepository(name, kind, actions, host, out reason),
            (TokenAccess.RegistryType, null) => OfRegistry(name, actions, out reason),
            _ => Refuse("the type is not repository or registry", out reason),
        };
    }

    private static TokenScope? OfRepository(string name, string? kind, List<string> actions, string host, out string reason)
    {
        var repository = name.StartsWith(host + "/", StringComparison.Ordinal) ? name[(host.Length + 1)..] : name;
        if (repository.Contains(':', StringComparison.Ordinal))
        {
            return Refuse($"the name is not a repository of {host}", out reason);
        }

        if (!RepositoryName.IsLegal(repository))
        {
            return Refuse("the name is not that of a repository: lower-case letters and digits with single separators between them", out reason);
        }

        var known = actions.Where(a => a == ActionNames.All || ActionNames.Parse(a) != RepositoryActions.None).ToList();
        if (known.Count == 0)
        {
            return Refuse("no action is one of pull, push, delete and *", out reason);
        }

        reason = "";
        return new TokenScope { Type = TokenAccess.RepositoryType, Class = kind, Name = name, Repository = repository, Actions = known };
    }

    private static TokenScope? OfRegistry(string name, List<string> actions, out string reason)
    {
        if (name != TokenAccess.Catalog.Name || actions is not [ActionNames.All])
        {
            return Refuse("of the registry itself only registry:catalog:* can be asked for", out reason);
        }

        reason = "";
        return new TokenScope { Type = TokenAccess.RegistryType, Name = name, Actions = actions };
    }

    /// <summary><c>repository(plugin)</c> has a class. Only letters may stand in it.</summary>
    private static (string Type, string? Class) TypeAndClass(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? (text, null)
            : text[^1] == ')' && text[(open + 1)..^1] is { Length: > 0 } kind && kind.All(char.IsAsciiLetterLower) ? (text[..open], kind)
            : ("", null);
    }

    private static TokenScope? Refuse(string why, out string reason)
    {
        reason = why;
        return null;
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200];
}
