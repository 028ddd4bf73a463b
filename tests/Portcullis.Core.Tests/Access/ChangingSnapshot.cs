using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Access;

/// <summary>
/// A snapshot that changes at random, a few elements at a time; the others stay the very instances they were. Names are few, so that what changes
/// meets what is there: paths that two collections want, namespaces that several claim, patterns that contest each other.
/// </summary>
internal sealed class ChangingSnapshot(int seed)
{
    private static readonly string[] Paths = ["/a", "/a/b", "/a/b/c", "/a/b-c", "/a/d", "/e", "/e/f", "/e/f/g"];
    private static readonly string[] Sources = ["root", "team", "other"];
    private static readonly string[] Patterns = ["*", "a/*", "a/b", "a/b*", "*/b", "a/**", "c/*d"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Collection> _collections = [];
    private readonly Dictionary<string, NamespaceFact> _namespaces = [];
    private readonly Dictionary<string, NodeFact> _nodes = [];
    private readonly Dictionary<string, Organization> _organizations = [];
    private readonly Dictionary<string, AccessRole> _roles = [];
    private readonly Dictionary<string, AccessGrant> _grants = [];
    private readonly Dictionary<string, ScopeHolder> _sources = [];
    private string _root = "root";

    public static IEnumerable<string> Namespaces => Enumerable.Range(0, 7).Select(i => $"n{i}").Append("default");

    public static IEnumerable<string> Repositories => ["a/b", "a/bc", "a/x", "c/d", "c/xd", "b", "x/b"];

    public AccessSnapshot Next()
    {
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            Change();
        }

        return new AccessSnapshot
        {
            Collections = [.. Shuffled(_collections.Values)],
            Namespaces = [.. Shuffled(_namespaces.Values)],
            Nodes = [.. Shuffled(_nodes.Values)],
            Organizations = [.. Shuffled(_organizations.Values)],
            Roles = [.. Shuffled(_roles.Values)],
            Grants = [.. Shuffled(_grants.Values)],
            Sources = [.. Shuffled(_sources.Values)],
            RootSource = _root,
        };
    }

    private void Change()
    {
        switch (_random.Next(20))
        {
            case < 8:
                Put(_collections, $"c{_random.Next(10)}", Collection);
                break;
            case < 13:
                Put(_namespaces, One([.. Namespaces]), Namespace);
                break;
            case 13:
                Put(_nodes, $"m{_random.Next(3)}", name => new NodeFact(name) { Labels = Labels(owned: true) });
                break;
            case 14:
                Put(_organizations, $"o{_random.Next(2)}", Organization);
                break;
            case 15:
                Put(_roles, $"r{_random.Next(2)}", Role);
                break;
            case 16:
                Put(_sources, One(Sources), Source);
                break;
            case 17 when _random.Next(10) == 0:
                _root = One(Sources);
                break;
            default:
                Put(_grants, $"g{_random.Next(8)}", Grant);
                break;
        }
    }

    private void Put<T>(Dictionary<string, T> all, string name, Func<string, T> make)
    {
        if (_random.Next(4) == 0)
        {
            all.Remove(name);
        }
        else
        {
            all[name] = make(name);
        }
    }

    private Collection Collection(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new CollectionSpec
        {
            Path = One(Paths),
            Namespaces = Maybe(() => Some([.. Namespaces]).Select(n => new CollectionNamespace { Name = n, Mode = One<NamespaceMode?>(null, NamespaceMode.Create, NamespaceMode.Adopt) }).ToList()),
            NamespaceSelector = _random.Next(3) == 0 ? Selector() : null,
            Nodes = _random.Next(3) == 0 ? new CollectionNodes { Names = Some("m0", "m1", "m2"), Selector = _random.Next(2) == 0 ? Selector() : null } : null,
            Repositories = Maybe(() => Some(Patterns)),
            Guardrails = Maybe(() => new Guardrails
            {
                PodSecurity = One<PodSecurityLevel?>(null, PodSecurityLevel.Baseline, PodSecurityLevel.Restricted),
                NetworkIsolation = One<NetworkIsolation?>(null, NetworkIsolation.Subtree, NetworkIsolation.Collection),
                NodeIsolation = One<bool?>(null, true, false),
            }),
        },
    };

    private NamespaceFact Namespace(string name) => new(name)
    {
        Labels = Labels(owned: true),
        Annotations = _random.Next(3) == 0 ? new Dictionary<string, string> { [WellKnown.Annotations.CreatedFor] = "c1" } : [],
        IsBeingDeleted = _random.Next(6) == 0,
    };

    private Organization Organization(string name) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new OrganizationSpec { Users = [new OrganizationUser { Name = $"{name}-{_random.Next(5)}" }], Teams = [new Team { Name = "t", Members = ["ann"] }] },
    };

    private AccessRole Role(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new AccessRoleSpec { Rules = [new RoleRule { ApiGroups = [""], Resources = ["pods"], Verbs = [One("get", "list", "escalate")] }] },
    };

    private AccessGrant Grant(string name) => new(Meta(name), new GrantSpec
    {
        Subject = One(
            new GrantSubject { Kind = SubjectKind.User, Name = "bob" },
            new GrantSubject { Kind = SubjectKind.Organization, Name = "o0" },
            new GrantSubject { Kind = SubjectKind.Team, Name = "o1/t" }),
        Role = One("ViewOnly", "r0", "r1"),
        Collection = One(Paths),
        Reach = One<GrantReach?>(null, GrantReach.Exact, GrantReach.Descendants),
        RepositoryPermission = One<RepositoryPermission?>(null, RepositoryPermission.Read),
        ExpiresAt = One<DateTimeOffset?>(null, AccessWorld.Now.AddHours(-1), AccessWorld.Now.AddHours(1)),
        Suspend = _random.Next(5) == 0 ? true : null,
    });

    private ScopeHolder Source(string name) => new(
        name,
        name == "root",
        new SourceScope
        {
            Kinds = ["Grant", "Collection", "AccessRole"],
            Collections = Some("/a", "/a/b", "/e"),
            Namespaces = Some("n0", "n1", "n2", "n3"),
            Repositories = Some("a/*", "c/*"),
            Subjects = ["User:*"],
            MaximumRole = "FullControl",
        },
        _random.Next(2) == 0);

    private ObjectMeta Meta(string name) => new()
    {
        Name = name,
        CreationTimestamp = One<DateTimeOffset?>(null, DateTimeOffset.UnixEpoch.AddDays(_random.Next(4))),
        DeletionTimestamp = _random.Next(6) == 0 ? AccessWorld.Now : null,
        Labels = Labels(owned: false),
    };

    private Dictionary<string, string> Labels(bool owned)
    {
        var labels = new Dictionary<string, string> { ["tier"] = One("gold", "lead") };
        if (_random.Next(2) == 0)
        {
            labels[WellKnown.Labels.Source] = One(Sources);
        }

        if (owned && _random.Next(2) == 0)
        {
            labels[WellKnown.Labels.Collection] = $"c{_random.Next(10)}";
        }

        return labels;
    }

    private LabelSelector Selector() => new() { MatchLabels = new Dictionary<string, string> { ["tier"] = One("gold", "lead") } };

    private T? Maybe<T>(Func<T> make)
        where T : class => _random.Next(2) == 0 ? make() : null;

    private T One<T>(params T[] of) => of[_random.Next(of.Length)];

    private List<string> Some(params string[] of) => [.. of.Where(_ => _random.Next(3) == 0)];

    private T[] Shuffled<T>(IEnumerable<T> values)
    {
        T[] all = [.. values];
        if (_random.Next(3) == 0)
        {
            _random.Shuffle(all);
        }

        return all;
    }
}
