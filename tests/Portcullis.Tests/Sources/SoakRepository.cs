using System.Collections.Immutable;
using System.Text;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>
/// A repository that a soak test works on by chance, and what each of its commits declares. The root's declares kinds of every sort, the
/// team's a few ConfigMaps; some names stand in both.
/// </summary>
internal sealed class SoakRepository(GitWorkspace git, Random random, bool isRoot)
{
    private static readonly string[] Wrong =
    [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Wrong_Name, namespace: work}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wrong, namespace: work}\ndata: [1]\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wrong\n",
        "apiVersion: nowhere.example.com/v1\nkind: Nothing\nmetadata: {name: wrong, namespace: work}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: anchor-wrong, namespace: work}\ndata: {key: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: anchor-wrong, namespace: work}\n",
    ];

    private readonly Dictionary<string, ImmutableDictionary<string, (SoakObject Object, string File)>> _commits = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, (SoakObject Object, string File)> _declared = ImmutableDictionary<string, (SoakObject, string)>.Empty;
    private int _value;

    public GitWorkspace Git => git;

    public string Name => isRoot ? SourceWorld.Root : "team";

    public string Head { get; private set; } = "";

    /// <summary>Commits that must never be in force.</summary>
    public HashSet<string> Invalid { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SoakObject> Objects => [.. _declared.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => d.Value.Object)];

    /// <summary>Adds, changes, moves, renames and takes away a few objects. Returns what the commit is.</summary>
    public string Change(int changes, Func<SoakObject, bool>? allowed = null)
    {
        for (var i = 0; i < changes; i++)
        {
            Mutate();
        }

        Close(allowed);
        return Commit("change");
    }

    public string Break()
    {
        var wrong = random.Next(Wrong.Length);
        git.Write("wrong.yaml", Wrong[wrong]);
        Write();
        Head = git.Commit("wrong");
        Invalid.Add(Head);
        _commits[Head] = _declared;
        File.Delete(Path.Combine(git.Folder, "wrong.yaml"));
        return $"wrong commit {Head[..8]} (no. {wrong})";
    }

    /// <summary>Goes back one to three commits and on from there another way.</summary>
    public string Rewrite()
    {
        var history = git.Git("log", "--format=%H", "-n", "4").Split('\n');
        if (history.Length < 2)
        {
            return "no history to rewrite";
        }

        var back = history[random.Next(1, history.Length)];
        git.Git("reset", "--quiet", "--hard", back);
        File.Delete(Path.Combine(git.Folder, "wrong.yaml"));
        _declared = _commits[back];
        Mutate();
        Close(null);
        return $"rewritten from {back[..8]}: {Commit("rewritten")}";
    }

    private string Commit(string what)
    {
        Write();
        Head = git.Commit(what);
        _commits[Head] = _declared;
        return $"{what} {Head[..8]} of {_declared.Count}";
    }

    private void Write()
    {
        foreach (var file in Directory.GetFiles(git.Folder, "f*.yaml"))
        {
            File.Delete(file);
        }

        foreach (var file in _declared.Values.GroupBy(d => d.File))
        {
            var text = new StringBuilder();
            foreach (var (one, _) in file.OrderBy(f => f.Object.Entry, StringComparer.Ordinal))
            {
                text.Append("---\n").Append(one.Manifest().ToJsonString()).Append('\n');
            }

            git.Write(file.Key, text.ToString());
        }
    }

    private void Mutate()
    {
        var keys = _declared.Keys.Order(StringComparer.Ordinal).ToList();
        switch (random.Next(10))
        {
            case 0 when keys.Count > 0:
                var moved = keys[random.Next(keys.Count)];
                _declared = _declared.SetItem(moved, (_declared[moved].Object, AnyFile()));
                break;
            case 1 or 2 or 3 when keys.Count > 0:
                _declared = _declared.Remove(keys[random.Next(keys.Count)]);
                break;
            default:
                Put(Any(++_value));
                break;
        }
    }

    private void Put(SoakObject one) => _declared = _declared.SetItem(one.Entry, (one, _declared.TryGetValue(one.Entry, out var before) ? before.File : AnyFile()));

    private string AnyFile() => $"f{random.Next(4)}.yaml";

    private SoakObject Any(int value)
    {
        if (!isRoot)
        {
            return SoakObject.ConfigMap("work", random.Next(4) == 0 ? $"shared-{random.Next(2)}" : $"t{random.Next(5)}", value);
        }

        return random.Next(12) switch
        {
            0 => SoakObject.Space($"soak-{random.Next(2)}"),
            1 => SoakObject.Definition(random.Next(2) == 0 ? "v1" : "v2"),
            2 or 3 => SoakObject.Widget($"w{random.Next(4)}", value),
            4 => SoakObject.Role($"r{random.Next(3)}", value),
            5 => SoakObject.Collection($"k{random.Next(2)}", value),
            6 => SoakObject.Organization("o", value),
            7 => SoakObject.ConfigMap("work", $"shared-{random.Next(2)}", value),
            8 or 9 => SoakObject.ConfigMap($"soak-{random.Next(2)}", $"c{random.Next(3)}", value),
            _ => SoakObject.ConfigMap("work", $"c{random.Next(8)}", value),
        };
    }

    /// <summary>What could not stand by itself goes: objects of a namespace or a kind that is not declared.</summary>
    private void Close(Func<SoakObject, bool>? allowed)
    {
        var version = _declared.Values.Select(d => d.Object).FirstOrDefault(o => o.Resource.Kind == "CustomResourceDefinition")
            ?.Fields["spec"]!["versions"]!.AsArray().Single(v => v!["served"]!.GetValue<bool>())!["name"]!.ToString();
        var spaces = _declared.Values.Where(d => d.Object.Resource.Kind == "Namespace").Select(d => d.Object.Name).Append("work").ToHashSet();
        foreach (var (key, (one, file)) in _declared)
        {
            if ((one.Namespace.Length > 0 && !spaces.Contains(one.Namespace)) || allowed?.Invoke(one) == false)
            {
                _declared = _declared.Remove(key);
            }
            else if (one.Resource.Kind == "Widget" && one.Resource.Version != version)
            {
                _declared = _declared.Remove(key);
                if (version is not null)
                {
                    var other = one with { Resource = one.Resource with { Version = version } };
                    _declared = _declared.SetItem(other.Entry, (other, file));
                }
            }
        }

        Put(SoakObject.ConfigMap("work", $"{Name}-anchor", 0));
    }
}
