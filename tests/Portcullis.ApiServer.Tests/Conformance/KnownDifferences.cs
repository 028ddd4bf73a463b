namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>The steps that may differ, each with its reason: <c>file step reason</c>, one a line.</summary>
internal static class KnownDifferences
{
    private static readonly Dictionary<(string File, int Step), string> Entries = Load();

    public static int Count => Entries.Count;

    public static string? Reason(string file, int step) => Entries.GetValueOrDefault((file, step));

    private static Dictionary<(string File, int Step), string> Load()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance", "differences.txt");
        return File.ReadLines(path)
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', 3))
            .ToDictionary(p => (p[0], int.Parse(p[1])), p => p[2]);
    }
}
