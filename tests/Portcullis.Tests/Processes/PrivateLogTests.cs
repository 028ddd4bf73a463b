using Microsoft.Extensions.Logging;
using Portcullis.Operator;
using Portcullis.Processes;

namespace Portcullis.Tests.Processes;

/// <summary>Logs name users, hosts and repositories: only their owner reads them.</summary>
internal sealed class PrivateLogTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("pc-log-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_log_is_of_its_owner_alone_also_where_an_older_one_was_open()
    {
        var ours = Path.Combine(_folder, "operator.log");
        var childs = Path.Combine(_folder, "registry.log");
        File.WriteAllText(childs, "before\n");
        File.SetUnixFileMode(childs, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using (var provider = new FileLoggerProvider(ours, TimeProvider.System))
        {
            provider.CreateLogger("a.B").Log(LogLevel.Information, 0, "told", null, (text, _) => text);
        }

        PrivateLog.Prepare(childs);

        Assert.That((File.GetUnixFileMode(ours), File.GetUnixFileMode(childs)), Is.EqualTo((OwnerOnly, OwnerOnly)));
        Assert.That((File.ReadAllText(ours).Contains("told", StringComparison.Ordinal), File.ReadAllText(childs)), Is.EqualTo((true, "before\n")));
    }
}
