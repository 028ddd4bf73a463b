namespace Portcullis.Gateway;

/// <summary>Headers of the OCI distribution specification and of Docker's registry API before it.</summary>
internal static class GatewayHeaders
{
    public const string ApiVersion = "Docker-Distribution-Api-Version";
    public const string ApiVersionValue = "registry/2.0";
    public const string ContentDigest = "Docker-Content-Digest";
    public const string Subject = "OCI-Subject";
    public const string FiltersApplied = "OCI-Filters-Applied";
}
