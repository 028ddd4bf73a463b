using System.Collections.Frozen;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>
/// The groups of artifacts whose archives do not say them, since they are built by Gradle or Ant. Advisories name an artifact with its group; without it those of the most widespread
/// libraries would not be found.
/// </summary>
internal static class MavenGroups
{
    private const string Spring = "org.springframework";

    private static readonly FrozenDictionary<string, string> Exact = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["spring-aop"] = Spring, ["spring-aspects"] = Spring, ["spring-beans"] = Spring, ["spring-context"] = Spring, ["spring-context-support"] = Spring,
        ["spring-core"] = Spring, ["spring-expression"] = Spring, ["spring-instrument"] = Spring, ["spring-jcl"] = Spring, ["spring-jdbc"] = Spring, ["spring-jms"] = Spring,
        ["spring-messaging"] = Spring, ["spring-orm"] = Spring, ["spring-oxm"] = Spring, ["spring-r2dbc"] = Spring, ["spring-test"] = Spring, ["spring-tx"] = Spring,
        ["spring-web"] = Spring, ["spring-webflux"] = Spring, ["spring-webmvc"] = Spring, ["spring-websocket"] = Spring,
        ["spring-amqp"] = "org.springframework.amqp", ["spring-rabbit"] = "org.springframework.amqp", ["spring-kafka"] = "org.springframework.kafka",
        ["spring-hateoas"] = "org.springframework.hateoas", ["spring-graphql"] = "org.springframework.graphql", ["spring-retry"] = "org.springframework.retry",
        ["kafka-clients"] = "org.apache.kafka", ["kafka-streams"] = "org.apache.kafka", ["connect-api"] = "org.apache.kafka", ["connect-runtime"] = "org.apache.kafka",
        ["elasticsearch"] = "org.elasticsearch", ["opensearch"] = "org.opensearch", ["zookeeper"] = "org.apache.zookeeper", ["solr-core"] = "org.apache.solr", ["solr-solrj"] = "org.apache.solr",
        ["okio"] = "com.squareup.okio", ["okio-jvm"] = "com.squareup.okio", ["bson"] = "org.mongodb", ["mongo-java-driver"] = "org.mongodb",
        ["reactor-core"] = "io.projectreactor", ["undertow-core"] = "io.undertow", ["jedis"] = "redis.clients", ["snakeyaml"] = "org.yaml", ["velocity"] = "org.apache.velocity",
        ["h2"] = "com.h2database", ["hsqldb"] = "org.hsqldb", ["postgresql"] = "org.postgresql", ["mysql-connector-java"] = "mysql", ["mysql-connector-j"] = "com.mysql",
        ["mssql-jdbc"] = "com.microsoft.sqlserver", ["c3p0"] = "com.mchange", ["quartz"] = "org.quartz-scheduler", ["liquibase-core"] = "org.liquibase", ["poi"] = "org.apache.poi",
        ["ant"] = "org.apache.ant", ["bcel"] = "org.apache.bcel", ["xercesImpl"] = "xerces", ["xalan"] = "xalan", ["log4j"] = "log4j", ["junit"] = "junit", ["groovy"] = "org.codehaus.groovy",
        ["commons-beanutils"] = "commons-beanutils", ["commons-codec"] = "commons-codec", ["commons-collections"] = "commons-collections", ["commons-dbcp"] = "commons-dbcp",
        ["commons-digester"] = "commons-digester", ["commons-fileupload"] = "commons-fileupload", ["commons-httpclient"] = "commons-httpclient", ["commons-io"] = "commons-io",
        ["commons-lang"] = "commons-lang", ["commons-logging"] = "commons-logging", ["commons-pool"] = "commons-pool", ["dom4j"] = "dom4j",
        ["hibernate-core"] = "org.hibernate", ["hibernate-envers"] = "org.hibernate", ["okhttp"] = "com.squareup.okhttp",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The longest beginning counts.
    private static readonly (string Start, string Group)[] Beginnings =
    [
        ("spring-boot", "org.springframework.boot"), ("spring-security-", "org.springframework.security"), ("spring-cloud-", "org.springframework.cloud"),
        ("spring-data-", "org.springframework.data"), ("spring-integration-", "org.springframework.integration"), ("spring-batch-", "org.springframework.batch"),
        ("spring-session-", "org.springframework.session"), ("spring-ws-", "org.springframework.ws"), ("spring-ldap-", "org.springframework.ldap"),
        ("tomcat-embed-", "org.apache.tomcat.embed"), ("tomcat-", "org.apache.tomcat"), ("kafka_", "org.apache.kafka"), ("lucene-", "org.apache.lucene"), ("poi-", "org.apache.poi"),
        ("kotlin-", "org.jetbrains.kotlin"), ("kotlinx-coroutines-", "org.jetbrains.kotlinx"), ("kotlinx-serialization-", "org.jetbrains.kotlinx"), ("mongodb-driver-", "org.mongodb"),
        ("reactor-netty", "io.projectreactor.netty"), ("micrometer-", "io.micrometer"), ("grpc-", "io.grpc"), ("opentelemetry-", "io.opentelemetry"),
        ("bcprov-", "org.bouncycastle"), ("bcpkix-", "org.bouncycastle"), ("bcutil-", "org.bouncycastle"), ("bcpg-", "org.bouncycastle"), ("bctls-", "org.bouncycastle"),
        ("batik-", "org.apache.xmlgraphics"), ("groovy-", "org.codehaus.groovy"),
    ];

    // Groups that a version changed.
    private static readonly (string Group, int Major, string Since)[] Renamed =
        [("org.hibernate", 6, "org.hibernate.orm"), ("com.squareup.okhttp", 3, "com.squareup.okhttp3"), ("org.codehaus.groovy", 4, "org.apache.groovy"), ("dom4j", 2, "org.dom4j")];

    /// <summary>The group of an artifact; null when it is not known.</summary>
    public static string? Of(string artifact, string version)
    {
        var group = Exact.GetValueOrDefault(artifact)
            ?? Beginnings.Where(b => artifact.StartsWith(b.Start, StringComparison.Ordinal)).OrderByDescending(b => b.Start.Length).FirstOrDefault().Group;
        var dot = version.IndexOf('.', StringComparison.Ordinal);
        return int.TryParse(dot < 0 ? version : version[..dot], out var major) && Renamed.FirstOrDefault(r => r.Group == group && major >= r.Major).Since is { } since ? since : group;
    }
}
