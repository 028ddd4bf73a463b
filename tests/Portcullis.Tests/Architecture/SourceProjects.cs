using System.Reflection;
using System.Runtime.CompilerServices;
using Portcullis.Testing;

namespace Portcullis.Tests.Architecture;

/// <summary>The projects under <c>src</c>, by the names of their folders.</summary>
internal static class SourceProjects
{
    public static IEnumerable<string> Names { get; } =
        [.. Directory.EnumerateFiles(RepositoryFolder.Combine("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    /// <summary>The program's assembly is named as the command is.</summary>
    public static Assembly Load(string project) => Assembly.Load(project == "Portcullis" ? "portcullis" : project);

    /// <summary>The types that somebody wrote: none that the compiler or a generator made.</summary>
    public static IEnumerable<Type> Types(string project) => Load(project).GetTypes().Where(t => !IsGenerated(t));

    private static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<')
        || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
