using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Portcullis.Core;

namespace Portcullis.Tools.Mutants;

/// <summary>The project under test as the compiler sees it, in memory.</summary>
internal sealed class CoreCompilation
{
    private readonly CSharpCommandLineArguments _arguments;
    private readonly CSharpCompilation _original;

    public CoreCompilation(CSharpCommandLineArguments arguments)
    {
        _arguments = arguments;
        var loader = new GeneratorLoader();
        ISourceGenerator[] generators =
        [
            .. arguments.AnalyzerReferences
                .SelectMany(r => new Microsoft.CodeAnalysis.Diagnostics.AnalyzerFileReference(r.FilePath, loader).GetGenerators(LanguageNames.CSharp)),
        ];
        _original = CSharpCompilation.Create(
            arguments.CompilationName,
            arguments.SourceFiles.Select(f => Parse(f.Path)),
            arguments.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference, r.Properties)),
            arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Suppress).WithConcurrentBuild(true));
        CSharpGeneratorDriver.Create(generators, parseOptions: arguments.ParseOptions).RunGeneratorsAndUpdateCompilation(_original, out var generated, out _);
        WithGenerated = (CSharpCompilation)generated;
    }

    /// <summary>With what the source generators add, for asking what an expression is.</summary>
    public CSharpCompilation WithGenerated { get; }

    /// <summary>What is embedded beside the code, out of the assembly that the build made: its arguments for the compiler do not name it.</summary>
    public static IEnumerable<ResourceDescription> Resources =>
        typeof(WellKnown).Assembly.GetManifestResourceNames()
            .Select(name => new ResourceDescription(name, () => typeof(WellKnown).Assembly.GetManifestResourceStream(name)!, isPublic: true));

    /// <summary>The files that people wrote.</summary>
    public IEnumerable<SyntaxTree> Sources => _original.SyntaxTrees.Where(t => !t.FilePath.Contains("/obj/", StringComparison.Ordinal));

    /// <summary>
    /// The same project with other trees in the place of some, and one more source. What was generated stays: it follows from the shape of types,
    /// and no mutant changes that.
    /// </summary>
    public CSharpCompilation With(IReadOnlyDictionary<SyntaxTree, SyntaxTree> replaced, string added)
    {
        var compilation = WithGenerated;
        foreach (var (old, tree) in replaced)
        {
            compilation = compilation.ReplaceSyntaxTree(old, tree);
        }

        return compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(added, _arguments.ParseOptions));
    }

    private SyntaxTree Parse(string path)
    {
        using var stream = File.OpenRead(path);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream), _arguments.ParseOptions, path);
    }

    private sealed class GeneratorLoader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
