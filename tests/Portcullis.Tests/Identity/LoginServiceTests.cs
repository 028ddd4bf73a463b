using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Testing;

namespace Portcullis.Tests.Identity;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LoginServiceTests
{
    private static readonly IPAddress Somewhere = IPAddress.Parse("192.0.2.7");

    private readonly ManualTimeProvider _time = new();
    private readonly CountingAuthenticator _passwords = new();
    private readonly TokenAuthenticator _tokens = new();
    private readonly Others _others = new();
    private LoginService _logins = null!;

    [SetUp]
    public void SetUp() => _logins = new LoginService([_tokens, _passwords], new VerifiedLogins(_time), new LoginLimits(_others, _time), NullLogger<LoginService>.Instance);

    [TearDown]
    public void TearDown() => _logins.Dispose();

    [Test]
    public async Task A_password_is_checked_once_in_five_minutes()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Authenticated>());
        }

        Assert.That(_passwords.Checked, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromMinutes(5));
        await LogInAsync("ann", "right");
        Assert.That(_passwords.Checked, Is.EqualTo(2));
    }

    [Test]
    public async Task What_was_verified_counts_no_longer_once_it_has_changed()
    {
        await LogInAsync("ann", "right");
        _passwords.Right = "new";
        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(await LogInAsync("ann", "new"), Is.InstanceOf<LoginVerdict.Authenticated>());
    }

    [Test]
    public async Task Names_and_passwords_are_not_confused_where_they_meet()
    {
        _passwords.Right = "b:c";
        await LogInAsync("a", "b:c");
        Assert.That(await LogInAsync("a:b", "c"), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(await LogInAsync("ab", ":c"), Is.InstanceOf<LoginVerdict.Refused>());
    }

    [Test]
    public async Task A_burst_of_the_same_log_in_is_checked_once()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => LogInAsync("ann", "right"))));
        Assert.That(verdicts, Is.All.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(_passwords.Checked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_burst_of_guesses_ends_after_ten()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => LogInAsync("ann", $"guess {i}"))));
        Assert.That(_passwords.Checked, Is.EqualTo(LoginLimits.MostForUserFromAddress));
        Assert.That(verdicts.OfType<LoginVerdict.Limited>().Count(), Is.EqualTo(90));
    }

    [Test]
    public async Task Who_was_verified_is_not_held_up_by_somebodys_guesses_and_others_wait_five_minutes()
    {
        await LogInAsync("ann", "right");
        for (var i = 0; i < LoginLimits.MostForUserFromAddress; i++)
        {
            await LogInAsync(i % 2 == 0 ? "ANN " : "ann", $"guess {i}");
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Authenticated>());
        _passwords.Right = "new";
        Assert.That(((LoginVerdict.Limited)await LogInAsync("ann", "new")).RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(await LogInAsync("bob", "new"), Is.InstanceOf<LoginVerdict.Authenticated>());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(await LogInAsync("ann", "new"), Is.InstanceOf<LoginVerdict.Authenticated>());
    }

    [Test]
    public async Task An_address_has_a_hundred_guesses_whatever_the_names()
    {
        for (var i = 0; i < LoginLimits.MostFromAddress; i++)
        {
            await LogInAsync($"user{i}", "guess");
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Limited>());
        Assert.That(await _logins.LogInAsync(new LoginAttempt("ann", "right"), IPAddress.Parse("192.0.2.8"), CancellationToken.None), Is.InstanceOf<LoginVerdict.Authenticated>());
    }

    [TestCase("pct_ci_0123")]
    [TestCase("eyJhbGciOiJSUzI1NiJ9.e30.c2ln")]
    public async Task Guesses_of_a_users_password_keep_none_of_his_tokens_out(string token)
    {
        _tokens.Right = token;
        for (var i = 0; i < 2 * LoginLimits.MostFromAddress; i++)
        {
            await LogInAsync("ann", $"guess {i}");
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Limited>());
        Assert.That(await LogInAsync("ann", token), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(await LogInAsync("ann", token[..^1]), Is.InstanceOf<LoginVerdict.Refused>(), "a wrong one is said to be wrong");
    }

    [Test]
    public async Task Wrong_tokens_in_a_users_name_do_not_keep_his_password_out()
    {
        for (var i = 0; i < LoginLimits.MostFromAddress; i++)
        {
            await LogInAsync("ann", $"pct_ci_{i}");
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Limited>(), "the address has had its hundred");
        Assert.That(await FromAsync("192.0.2.8", "ann", "right"), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(_passwords.Checked, Is.EqualTo(1), "no token was tried as a password");
    }

    [Test]
    public async Task Guesses_from_one_address_keep_a_user_out_there_and_nowhere_else()
    {
        for (var i = 0; i < LoginLimits.MostForUserFromAddress; i++)
        {
            await LogInAsync("ann", $"guess {i}");
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Limited>());
        Assert.That(await FromAsync("192.0.2.8", "ann", "right"), Is.InstanceOf<LoginVerdict.Authenticated>());
    }

    [Test]
    public async Task Guesses_of_a_password_from_many_addresses_end_after_a_hundred()
    {
        for (var i = 0; i < 150; i++)
        {
            await FromAsync($"192.0.2.{i}", "ann", $"guess {i}");
        }

        Assert.That(_passwords.Checked, Is.EqualTo(100));
        Assert.That(await FromAsync("198.51.100.1", "ann", "right"), Is.InstanceOf<LoginVerdict.Limited>());
    }

    [Test]
    public async Task A_token_does_not_wait_behind_guesses_that_take_long()
    {
        _tokens.Right = "pct_ci_0123";
        _passwords.Answers = new TaskCompletionSource();
        var guesses = Enumerable.Range(0, 5).Select(i => LogInAsync("ann", $"guess {i}")).ToList();

        Assert.That(await LogInAsync("ann", "pct_ci_0123").WaitAsync(TimeSpan.FromSeconds(10)), Is.InstanceOf<LoginVerdict.Authenticated>());

        _passwords.Answers.SetResult();
        await Task.WhenAll(guesses);
    }

    [Test]
    public async Task What_failed_at_other_copies_counts_too()
    {
        var here = new LoginLimits(_others, _time);
        for (var i = 0; i < 6; i++)
        {
            here.Failed("ann", Somewhere, GuessBound.NameAndAddress);
        }

        _others.Counts = here.Own();
        for (var i = 0; i < 4; i++)
        {
            Assert.That(await LogInAsync("ann", $"guess {i}"), Is.InstanceOf<LoginVerdict.Refused>());
        }

        Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Limited>());
    }

    [Test]
    public async Task What_nobody_can_say_is_unknown_and_counts_for_nothing()
    {
        _passwords.IsAway = true;
        for (var i = 0; i < 50; i++)
        {
            Assert.That(await LogInAsync("ann", "right"), Is.InstanceOf<LoginVerdict.Unknown>());
        }
    }

    [TestCase("", "right")]
    [TestCase("ann", "")]
    [TestCase("ann\n", "right")]
    public async Task What_is_empty_or_not_printable_is_not_even_asked_for(string user, string password)
    {
        Assert.That(await LogInAsync(user, password), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(_passwords.Checked, Is.Zero);
    }

    [Test]
    public void The_text_of_a_log_in_does_not_hold_its_password() => Assert.That(new LoginAttempt("ann", "s3cret").ToString(), Does.Not.Contain("s3cret"));

    private async Task<LoginVerdict> LogInAsync(string user, string password) => await _logins.LogInAsync(new LoginAttempt(user, password), Somewhere, CancellationToken.None);

    private async Task<LoginVerdict> FromAsync(string address, string user, string password) =>
        await _logins.LogInAsync(new LoginAttempt(user, password), IPAddress.Parse(address), CancellationToken.None);

    /// <summary>Knows one token; refuses others of the same form.</summary>
    private sealed class TokenAuthenticator : IAuthenticator
    {
        public string Right { get; set; } = "pct_none_0";

        public GuessBound Bound => GuessBound.None;

        public ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken) => ValueTask.FromResult<LoginVerdict>(
            attempt.Password == Right ? new LoginVerdict.Authenticated(new GatewayCaller { User = new AccessUser(attempt.User) })
            : TokenShape.IsToken(attempt.Password) ? new LoginVerdict.Refused("wrong token")
            : LoginVerdict.NotMine.Instance);
    }

    private sealed class CountingAuthenticator : IAuthenticator
    {
        private int _checked;

        public int Checked => _checked;

        public string Right { get; set; } = "right";

        public bool IsAway { get; set; }

        public TaskCompletionSource? Answers { get; set; }

        public async ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _checked);
            await Task.Yield();
            if (Answers is { } answers)
            {
                await answers.Task;
            }

            var right = Right;
            return IsAway ? new LoginVerdict.Unknown("away")
                : attempt.Password != right ? new LoginVerdict.Refused("wrong")
                : new LoginVerdict.Authenticated(new GatewayCaller { User = new AccessUser(attempt.User) }) { StillHolds = () => Right == right };
        }
    }

    private sealed class Others : IOtherFailures
    {
        public IReadOnlyList<FailureCount> Counts { get; set; } = [];

        public IEnumerable<FailureCount> Of(string who) => Counts.Where(c => c.Who == who);
    }
}
