using System.Reflection;
using System.Text.RegularExpressions;
using Portcullis.Testing;

namespace Portcullis.Tests.Architecture;

/// <summary>
/// Which first-level folders of a project use types of which others; the project's own folder is one of them, named <see cref="Root"/>.
/// Uses are read from the compiled code, but for constants, which the compiler copies to where they are used: those are found in the source.
/// </summary>
internal sealed partial class FolderGraph
{
    public const string Root = ".";

    private const int Shown = 12;

    private readonly string _project;
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];

    private FolderGraph(string project) => _project = RepositoryFolder.Combine("src", project);

    public static FolderGraph Of(string project, Assembly assembly)
    {
        var graph = new FolderGraph(project);
        graph.FindFolders();
        graph.AddCode(assembly.GetTypes());
        graph.AddConstants(assembly.GetTypes());
        return graph;
    }

    public IEnumerable<string> Knots() => Knots(_uses.Keys.ToLookup(e => e.From, e => e.To, StringComparer.Ordinal)).Select(Describe);

    /// <summary>The sets of folders each of which leads to all others of its set.</summary>
    internal static IReadOnlyList<IReadOnlySet<string>> Knots(ILookup<string, string> edges)
    {
        var reached = edges.ToDictionary(e => e.Key, e => Reached(e.Key, edges), StringComparer.Ordinal);
        return [.. reached.Where(r => r.Value.Contains(r.Key))
            .Select(r => r.Value.Where(o => reached.TryGetValue(o, out var back) && back.Contains(r.Key)).ToHashSet(StringComparer.Ordinal))
            .DistinctBy(k => string.Join(' ', k.Order(StringComparer.Ordinal)), StringComparer.Ordinal)];
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> edges)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(edges[from]);
        while (waiting.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var further in edges[next])
                {
                    waiting.Push(further);
                }
            }
        }

        return reached;
    }

    /// <summary>The thinnest connections first: they are the ones to cut.</summary>
    private string Describe(IReadOnlySet<string> knot) => string.Join(
        '\n',
        _uses.Where(e => knot.Contains(e.Key.From) && knot.Contains(e.Key.To))
            .OrderBy(e => e.Value.Count).ThenBy(e => e.Key)
            .Select(e => $"{e.Key.From} -> {e.Key.To} ({e.Value.Count}): {string.Join(", ", e.Value.Take(Shown))}")
            .Prepend($"{knot.Count} folders of {Path.GetFileName(_project)} use each other:"));

    private void FindFolders()
    {
        foreach (var file in Files())
        {
            var text = File.ReadAllText(file);
            var space = Namespace().Match(text).Groups["name"].Value;
            foreach (Match type in Declaration().Matches(text))
            {
                _folders[$"{space}.{type.Groups["name"].Value}"] = Folder(file);
            }
        }
    }

    private void AddCode(Type[] types)
    {
        foreach (var type in types)
        {
            foreach (var used in TypeUses.Of(type))
            {
                Add(FolderOf(type), Outermost(type).Name, used);
            }
        }
    }

    private void AddConstants(Type[] types)
    {
        var owners = types.Where(t => !t.IsNested && FolderOf(t) is not null)
            .Select(t => (Type: t, Names: t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.IsLiteral).Select(f => f.Name)))
            .Where(o => o.Names.Any())
            .ToLookup(o => o.Type.Name, o => (o.Type, Names: o.Names.ToHashSet(StringComparer.Ordinal)), StringComparer.Ordinal);
        foreach (var file in Files())
        {
            foreach (Match access in Access().Matches(Comment().Replace(File.ReadAllText(file), "")))
            {
                foreach (var (type, _) in owners[access.Groups["type"].Value].Where(o => o.Names.Contains(access.Groups["name"].Value)))
                {
                    Add(Folder(file), Path.GetFileNameWithoutExtension(file), type);
                }
            }
        }
    }

    private void Add(string? from, string user, Type used)
    {
        if (from is null || FolderOf(used) is not { } to || from == to)
        {
            return;
        }

        if (!_uses.TryGetValue((from, to), out var uses))
        {
            _uses[(from, to)] = uses = new SortedSet<string>(StringComparer.Ordinal);
        }

        uses.Add($"{user} uses {Outermost(used).Name}");
    }

    private string? FolderOf(Type type)
    {
        var outermost = Outermost(type);
        return _folders.GetValueOrDefault($"{outermost.Namespace}.{outermost.Name.Split('`')[0]}");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private string Folder(string file)
    {
        var relative = Path.GetRelativePath(_project, file);
        return relative.Contains('/', StringComparison.Ordinal) ? relative[..relative.IndexOf('/', StringComparison.Ordinal)] : Root;
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_project, "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?!\s)[^/\n]*\b(class|record struct|record|struct|interface|enum|delegate [^\n(]*?) (?<name>\w+)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b(?<type>[A-Z]\w*)(?=\.(?<name>[A-Z]\w*)\b)")]
    private static partial Regex Access();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
