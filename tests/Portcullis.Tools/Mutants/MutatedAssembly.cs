using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>
/// The assembly under test with every mutant in it. What the compiler does not take (a variable that nobody assigns, a case that cannot fail)
/// is no mutant: it is left out until the rest compiles.
/// </summary>
internal sealed partial class MutatedAssembly
{
    private const int Rounds = 40;

    private readonly CoreCompilation _core;
    private readonly HashSet<int> _left = [];
    private readonly Dictionary<int, Mutant> _mutants = [];
    private readonly List<MutatedFile> _files = [];

    public MutatedAssembly(CoreCompilation core, string root, IReadOnlyList<string> files)
    {
        _core = core;
        foreach (var tree in core.Sources.OrderBy(t => t.FilePath, StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, tree.FilePath);
            if (files.Count == 0 || files.Any(f => name.Contains(f, StringComparison.Ordinal)))
            {
                _files.Add(new MutatedFile(name, tree, core.WithGenerated.GetSemanticModel(tree)));
            }
        }
    }

    /// <summary>Writes the assembly; returns the mutants that are in it.</summary>
    public IReadOnlyList<Mutant> Write(string path)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var compilation = _core.With(Rewrite(), MutantSwitch.Source);
            using var output = File.Create(path);
            var result = compilation.Emit(output, manifestResources: CoreCompilation.Resources);
            if (result.Success)
            {
                return [.. _mutants.Values.Where(m => !_left.Contains(m.Id)).OrderBy(m => m.Id)];
            }

            var errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
            Console.Error.WriteLine($"round {round + 1}: {errors.Count} mutants that do not compile");
            if (errors.SelectMany(Culprits).Where(_left.Add).ToList().Count == 0)
            {
                throw new InvalidOperationException("the mutated source does not compile:\n" + string.Join('\n', errors.Take(20)));
            }
        }

        throw new InvalidOperationException($"the mutated source does not compile after {Rounds} rounds");
    }

    private Dictionary<SyntaxTree, SyntaxTree> Rewrite()
    {
        var next = 1;
        foreach (var file in _files)
        {
            file.Rewrite(next, _left);
            file.Mutants.ForEach(m => _mutants[m.Id] = m);
            next += file.Mutants.Count;
        }

        return _files.ToDictionary(f => f.Original, f => f.Mutated);
    }

    /// <summary>
    /// The mutants in the smallest piece around an error. Of a variable that is not assigned or not known: those around it that would declare or
    /// assign it.
    /// </summary>
    private List<int> Culprits(Diagnostic error)
    {
        var node = error.Location.SourceTree!.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        var pieces = node.AncestorsAndSelf().ToList();
        if (error.Id is "CS0165" or "CS0103" or "CS0177")
        {
            var name = Quoted().Match(error.GetMessage(CultureInfo.InvariantCulture)).Groups[1].Value;
            var declaration = new Regex($@"(?<!\b(?:is|not|and|or|in|return|when|new))[}}\]\w?>]\s+{name}\b|^{name} = ");
            return First(pieces, p => Declaring(p, declaration).Concat(Jumps(p, declaration)))
                ?? First(pieces, p => Ids(p).Where(id => Regex.IsMatch(_mutants[id].Original, $@"\b{name}\b")))
                ?? [];
        }

        foreach (var piece in pieces)
        {
            // In "is 7 at work ? mutant : original" an error that is no part's own is the seventh's.
            if (piece is ConditionalExpressionSyntax conditional && Ids(conditional.Condition) is [var own])
            {
                return [own];
            }

            if (Ids(piece) is { Count: > 0 } all)
            {
                return all;
            }
        }

        return [];
    }

    private IEnumerable<int> Declaring(SyntaxNode piece, Regex declaration) =>
        Ids(piece).Where(id => _mutants[id].Mutated is "true" or "false" or "" && declaration.IsMatch(_mutants[id].Original));

    /// <summary>What is not left when the condition is not met is entered with its variable unassigned: "if (x is not { } y) return;".</summary>
    private IEnumerable<int> Jumps(SyntaxNode piece, Regex declaration) => piece.DescendantNodes().OfType<IfStatementSyntax>()
        .Where(i => declaration.IsMatch(i.Condition.ToString()))
        .SelectMany(i => Ids(i.Statement))
        .Where(id => _mutants[id].Mutated.Length == 0);

    private static List<int>? First(List<SyntaxNode> pieces, Func<SyntaxNode, IEnumerable<int>> ids) =>
        pieces.Select(p => ids(p).ToList()).FirstOrDefault(found => found.Count > 0);

    private static List<int> Ids(SyntaxNode piece) =>
        [.. Number().Matches(piece.ToString()).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"MutantSwitch\.Is\((\d+)\)")]
    private static partial Regex Number();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    /// <summary>One file, rewritten anew only when other mutants of it have to be left out.</summary>
    private sealed class MutatedFile(string name, SyntaxTree original, SemanticModel model)
    {
        private string? _without;

        public SyntaxTree Original { get; } = original;

        public SyntaxTree Mutated { get; private set; } = original;

        public List<Mutant> Mutants { get; private set; } = [];

        public void Rewrite(int first, HashSet<int> left)
        {
            var without = string.Join(',', left.Where(id => id >= first && id < first + Mutants.Count).Order());
            if (without == _without)
            {
                return;
            }

            _without = without;
            var mutants = new List<Mutant>();
            var root = new MutantRewriter(name, model, first, left, mutants).Visit(Original.GetRoot())!;
            Mutants = mutants;
            Mutated = CSharpSyntaxTree.ParseText(root.ToFullString(), (CSharpParseOptions)Original.Options, Original.FilePath, Encoding.UTF8);
        }
    }
}
