using Portcullis.Schemas.Cel;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// How often the rules of a node may run in one object, and what all rules of a schema cost together. Below a list or map without a limit, as often as
/// the smallest values fit into a request.
/// </summary>
internal sealed class RuleCosts
{
    private const double MaxRequest = 3 * 1024 * 1024;
    private readonly List<(string Path, double Cost)> _dearest = [];
    private double _total;

    /// <summary>Adds one rule's cost; a rule that alone is too dear is an error of its own.</summary>
    public void Add(CelProgram program, CelType self, double? times, string path, string what, List<FieldError> errors)
    {
        var cost = CelCostEstimate.Of(program.Root) * (times ?? MaxRequest / (self.MinJson + 1));
        if (cost > CelCostEstimate.RuleLimit)
        {
            errors.Add(Fault.Forbidden(path, CelCostEstimate.Describe(what, cost, CelCostEstimate.RuleLimit)));
        }

        _total += cost;
        _dearest.Add((path, cost));
    }

    /// <summary>Reports when the rules together are too expensive, naming the four that cost most.</summary>
    public void CheckTotal(string path, List<FieldError> errors)
    {
        if (_total <= CelCostEstimate.SchemaLimit)
        {
            return;
        }

        foreach (var (rule, _) in _dearest.OrderByDescending(r => r.Cost).Take(4))
        {
            errors.Add(Fault.Forbidden(rule, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        }

        errors.Add(Fault.Forbidden(
            path, CelCostEstimate.Describe("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", _total, CelCostEstimate.SchemaLimit)));
    }
}
