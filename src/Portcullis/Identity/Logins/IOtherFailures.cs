namespace Portcullis.Identity.Logins;

/// <summary>What the other copies of the gateway counted.</summary>
internal interface IOtherFailures
{
    IEnumerable<FailureCount> Of(string who);
}
