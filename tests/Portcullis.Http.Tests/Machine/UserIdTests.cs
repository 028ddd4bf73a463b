using Portcullis.Http.Machine;

namespace Portcullis.Http.Tests.Machine;

/// <summary>Whose process it is, from its file status in /proc.</summary>
internal sealed class UserIdTests
{
    [TestCase("Name:\tdockerd\nUid:\t0\t0\t0\t0\n", true)]
    [TestCase("Name:\tdockerd\nUid:\t4000000000\t0\t0\t0\n", false)]
    [TestCase("Name:\tdockerd\nUid:\t1234567\t0\t0\t0\n", false, Description = "with the set-user-ID bit")]
    [TestCase("Name:\tdockerd\nUid:\t0\t1234567\t0\t0\n", false)]
    [TestCase("", false)]
    public void A_process_is_trusted_when_every_user_of_it_is(string status, bool isTrusted)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, status);
        Assert.That(UserId.IsTrusted(file), Is.EqualTo(isTrusted));
        File.Delete(file);
    }

    [Test]
    public void This_process_is_trusted() => Assert.That(UserId.IsTrusted("/proc/self/status"));
}
