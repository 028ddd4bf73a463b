using Portcullis.Commands;
using Portcullis.Testing;

namespace Portcullis.Tests.Examples;

/// <summary>What users copy must be right.</summary>
[TestFixture]
internal sealed class ExamplesTests
{
    [Test]
    public async Task The_examples_are_valid_together()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["validate", RepositoryFolder.Combine("examples")], output, error, [ValidateCommand.Create()]);
        Assert.That(code, Is.Zero, output.ToString() + error);
    }
}
