namespace Portcullis.Testing;

/// <summary>One at a time: hands of a soak that would otherwise do half of two things at once.</summary>
public static class Alone
{
    public static async Task AloneAsync(this SemaphoreSlim gate, Func<Task> act)
    {
        await gate.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            gate.Release();
        }
    }
}
