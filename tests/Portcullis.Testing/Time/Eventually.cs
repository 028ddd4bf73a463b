using System.Runtime.CompilerServices;

namespace Portcullis.Testing;

/// <summary>Waits for a state of the world instead of sleeping: asks again until it holds, and fails with the last answer at the deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Until the condition holds.</summary>
    public static Task HoldsAsync(
        Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        HoldsAsync(() => Task.FromResult(condition()), within, what);

    public static async Task HoldsAsync(
        Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!await ComesAsync(condition, within))
        {
            throw new TimeoutException($"Not within {(within ?? Usual).TotalSeconds:0.#} s: {what}");
        }
    }

    /// <summary>Whether the condition comes to hold: for those who can say more about it than that it did not.</summary>
    public static async Task<bool> ComesAsync(Func<Task<bool>> condition, TimeSpan? within = null, TimeSpan? pause = null)
    {
        var limit = within ?? Usual;
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(pause ?? Pause, TimeProvider.System, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Until the question has an answer (not null) that satisfies; exceptions of the asking count as "not yet".</summary>
    public static async Task<T> GetsAsync<T>(
        Func<Task<T?>> question, Func<T, bool>? satisfies = null, TimeSpan? within = null, [CallerArgumentExpression(nameof(question))] string what = "")
        where T : class
    {
        var limit = within ?? Usual;
        var started = TimeProvider.System.GetTimestamp();
        T? last = null;
        Exception? trouble = null;
        while (true)
        {
            try
            {
                last = await question();
                trouble = null;
                if (last is not null && (satisfies is null || satisfies(last)))
                {
                    return last;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                trouble = e;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}; last: {last?.ToString() ?? "nothing"}", trouble);
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Moves a manual clock in steps until the condition holds: for code that goes to sleep again and again.</summary>
    public static async Task HoldsAsync(
        ManualTimeProvider clock, TimeSpan step, Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Usual)
            {
                throw new TimeoutException($"Not within {Usual.TotalSeconds:0} s, the manual clock having been moved: {what}");
            }

            clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }
}
