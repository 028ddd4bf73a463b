using Portcullis.Testing;

namespace Portcullis.Tools.Sizes;

/// <summary>
/// Counts the lines of the files and methods under <c>src</c> and compares them with what this project holds itself to. Frozen code is left out:
/// nobody splits it any more.
/// </summary>
internal static class SizesCommand
{
    private static readonly string[] Frozen = ["Portcullis.ApiServer/", "Portcullis.Schemas/Cel/"];
    private static readonly SizeBar Files = new("file", 60, 150, 350);
    private static readonly SizeBar Methods = new("method", 8, 25, 50);

    public static int Run()
    {
        var src = RepositoryFolder.Combine("src");
        var files = Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Path: f, Name: Path.GetRelativePath(src, f)))
            .Where(f => !Frozen.Any(p => f.Name.StartsWith(p, StringComparison.Ordinal)))
            .Select(f => (f.Name, Text: File.ReadAllText(f.Path)))
            .ToList();
        var isMet = Files.Report(files.Select(f => new Size(f.Name, f.Text.AsSpan().Count('\n'))));
        isMet &= Methods.Report(files.SelectMany(f => MethodSizes.Of(f.Name, f.Text)));
        return isMet ? 0 : 1;
    }
}
