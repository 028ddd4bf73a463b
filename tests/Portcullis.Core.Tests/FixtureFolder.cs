using Portcullis.Testing;

namespace Portcullis.Core.Tests;

/// <summary>
/// Examples below <c>Fixtures</c>: a folder for each, named by its sentence, with what is given and what is expected.
/// UPDATE_FIXTURES=1 writes what is expected anew.
/// </summary>
internal sealed class FixtureFolder(string name)
{
    public string Path { get; } = RepositoryFolder.Combine("tests", "Portcullis.Core.Tests", "Fixtures", name);

    public IEnumerable<string> Sentences => Directory.EnumerateDirectories(Path).Select(d => System.IO.Path.GetFileName(d)).Order(StringComparer.Ordinal);

    public string Of(string sentence) => System.IO.Path.Combine(Path, sentence);

    public string Read(string sentence, string file) => File.ReadAllText(System.IO.Path.Combine(Path, sentence, file));

    public byte[] ReadBytes(string sentence, string file) => File.ReadAllBytes(System.IO.Path.Combine(Path, sentence, file));

    public void AssertIs(string actual, params string[] file)
    {
        var path = System.IO.Path.Combine([Path, .. file]);
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.That(actual, Is.EqualTo(File.Exists(path) ? File.ReadAllText(path) : ""));
    }
}
