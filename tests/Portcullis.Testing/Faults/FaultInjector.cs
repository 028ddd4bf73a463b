using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Portcullis.Testing.Faults;

/// <summary>
/// Counts requests and makes them go wrong, as middleware before any server (<see cref="FaultInjectorExtensions.UseFaults"/>) or in
/// a <see cref="FaultProxy"/>. The servers that the product ships know nothing of it.
/// </summary>
public sealed class FaultInjector
{
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private readonly List<SeenRequest> _seen = [];
    private readonly List<(SeenRequest Request, HttpContext Context)> _open = [];
    private Kill? _kill;
    private int _writes;

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Which requests count as writes for <see cref="Writes"/>.</summary>
    public Func<SeenRequest, bool> CountsAsWrite { get; set; } = request => request.IsWrite;

    /// <summary>Asked for the fault of each request that no rule fits: by chance, say. Asked by several threads at once.</summary>
    public Func<SeenRequest, Fault?> Otherwise { get; set; } = _ => null;

    public int Count(Func<SeenRequest, bool> which) => Seen.Count(which);

    /// <summary>How often, by verb and path: <c>PATCH /api/v1/… 3</c>.</summary>
    public IReadOnlyDictionary<string, int> ByVerbAndPath() =>
        Seen.GroupBy(r => $"{r.Method} {r.Path}", StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    /// <summary>Forgets what was counted and which faults wait.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _rules.Clear();
            Otherwise = _ => null;
            _seen.Clear();
            _kill = null;
            _writes = 0;
        }
    }

    /// <summary>The next so many requests that fit get this fault; the first rule that fits applies.</summary>
    public void Inject(Func<SeenRequest, bool> which, Fault fault, int times = int.MaxValue)
    {
        lock (_gate)
        {
            _rules.Add(new Rule(which, fault, times));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>At the Nth request from now that fits (1 is the next) runs the action, which kills its sender, and never answers it.</summary>
    public void KillAt(Func<SeenRequest, bool> which, int nth, KillMoment moment, Action kill)
    {
        lock (_gate)
        {
            _kill = new Kill(which, moment, kill) { Left = nth };
        }
    }

    /// <summary>Breaks the connections of all open requests that fit: every watch, for instance. Returns how many.</summary>
    public int CutOpen(Func<SeenRequest, bool> which)
    {
        // Under the lock: a context is used anew once its request has left the list.
        lock (_gate)
        {
            var cut = _open.Where(o => which(o.Request)).Select(o => o.Context).ToList();
            cut.ForEach(c => c.Abort());
            return cut.Count;
        }
    }

    /// <summary>As middleware for servers that take it as a function.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = new SeenRequest(context.Request.Method, context.Request.Path.Value ?? "", context.Request.QueryString.Value ?? "");
        var (fault, kill) = Arrive(request, context);
        try
        {
            if (kill is { Moment: KillMoment.BeforeForward })
            {
                kill.Action();
                context.Abort();
                return;
            }

            if (kill is not null)
            {
                await DiscardAnswerAsync(context, next);
                kill.Action();
                context.Abort();
                return;
            }

            await ApplyAsync(fault, context, next);
        }
        finally
        {
            lock (_gate)
            {
                _open.RemoveAll(o => ReferenceEquals(o.Context, context));
            }
        }
    }

    private (Fault? Fault, Kill? Kill) Arrive(SeenRequest request, HttpContext context)
    {
        lock (_gate)
        {
            _seen.Add(request);
            _open.Add((request, context));
            _writes += CountsAsWrite(request) ? 1 : 0;
            if (_kill is { } kill && kill.Which(request) && --kill.Left == 0)
            {
                _kill = null;
                return (null, kill);
            }

            var rule = _rules.Find(r => r.Left > 0 && r.Which(request));
            if (rule is not null)
            {
                rule.Left--;
            }

            return (rule is null ? Otherwise(request) : rule.Fault, null);
        }
    }

    private static async Task ApplyAsync(Fault? fault, HttpContext context, RequestDelegate next)
    {
        switch (fault)
        {
            case Fault.Answer answer:
                if (answer.Forwarded)
                {
                    await DiscardAnswerAsync(context, next);
                }

                await AnswerAsync(answer, context);
                break;
            case Fault.Garbage garbage:
                context.Response.ContentType = garbage.ContentType;
                await context.Response.WriteAsync(garbage.Body, context.RequestAborted);
                break;
            case Fault.Delay delay:
                await Task.Delay(delay.By, TimeProvider.System, context.RequestAborted);
                await next(context);
                break;
            case Fault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
            case Fault.Cut:
                context.Abort();
                break;
            case Fault.CutAfterForward:
                await DiscardAnswerAsync(context, next);
                context.Abort();
                break;
            case Fault.CutBody cut:
                context.Response.Body = new CuttingStream(context.Response.Body, cut.AfterBytes, context.Abort);
                await next(context);
                break;
            case Fault.SlowBody slow:
                context.Response.Body = new SlowStream(context.Response.Body, slow.Pause);
                await next(context);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static async Task DiscardAnswerAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context);
        context.Response.Body = body;
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
        }
    }

    private static async Task AnswerAsync(Fault.Answer answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.Code;
        context.Response.ContentType = "application/json";
        if (answer.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        }

        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["message"] = $"injected fault: {answer.Reason}",
            ["reason"] = answer.Reason,
            ["code"] = (int)answer.Code,
        };
        await context.Response.WriteAsync(status.ToJsonString(), context.RequestAborted);
    }

    private sealed class Rule(Func<SeenRequest, bool> which, Fault fault, int times)
    {
        public Func<SeenRequest, bool> Which { get; } = which;

        public Fault Fault { get; } = fault;

        public int Left { get; set; } = times;
    }

    private sealed record Kill(Func<SeenRequest, bool> Which, KillMoment Moment, Action Action)
    {
        public int Left { get; set; }
    }
}

/// <summary>Puts the injector before a server's own pipeline.</summary>
public static class FaultInjectorExtensions
{
    public static IApplicationBuilder UseFaults(this IApplicationBuilder app, FaultInjector faults) =>
        app.Use(next => context => faults.InvokeAsync(context, next));
}
