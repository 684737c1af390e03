<?xml version="1.0" encoding="utf-8"?>
<agiv:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:agiv="http://www.agiv.be/agiv">
  <gml:boundedBy><gml:Box srsName="EPSG:31370"><gml:coordinates>83700,175800 83800,175900</gml:coordinates></gml:Box></gml:boundedBy>
  <gml:featureMember>
    <agiv:AdpDel>
      <agiv:OIDN>201</agiv:OIDN><agiv:UIDN>8001</agiv:UIDN><agiv:VERSIE>3</agiv:VERSIE>
      <agiv:BEGINDATUM>2009-02-05</agiv:BEGINDATUM><agiv:VERSDATUM>2018-07-10</agiv:VERSDATUM><agiv:EINDDATUM>2026-06-02</agiv:EINDDATUM>
      <agiv:CAPAKEY>34040A0005/00E000</agiv:CAPAKEY><agiv:CANU>5E</agiv:CANU><agiv:FISCDATUM>2026-01-01</agiv:FISCDATUM>
      <agiv:NISCODE>34040</agiv:NISCODE><agiv:LBLBGNINV>aanmaak
</agiv:LBLBGNINV><agiv:BEWERK>1</agiv:BEWERK><agiv:LBLBEWERK>verwijderd</agiv:LBLBEWERK><agiv:LENGTE>60</agiv:LENGTE><agiv:OPPERVL>200</agiv:OPPERVL>
      <gml:polygonProperty><gml:Polygon srsName="EPSG:31370"><gml:outerBoundaryIs><gml:LinearRing>
        <gml:coordinates>83700,175800 83720,175800 83720,175810 83700,175810 83700,175800</gml:coordinates>
      </gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></gml:polygonProperty>
    </agiv:AdpDel>
  </gml:featureMember>
  <gml:featureMember>
    <agiv:AdpDel>
      <agiv:OIDN>202</agiv:OIDN><agiv:UIDN>8002</agiv:UIDN><agiv:VERSIE>1</agiv:VERSIE>
      <agiv:BEGINDATUM>2020-02-05</agiv:BEGINDATUM><agiv:VERSDATUM>2020-02-05</agiv:VERSDATUM>
      <agiv:CAPAKEY>34040A0006/00F000</agiv:CAPAKEY><agiv:CANU>6F</agiv:CANU><agiv:FISCDATUM>2026-01-01</agiv:FISCDATUM>
      <agiv:NISCODE>34040</agiv:NISCODE><agiv:LBLBGNINV>aanmaak</agiv:LBLBGNINV><agiv:BEWERK>2</agiv:BEWERK><agiv:LBLBEWERK>gewijzigd</agiv:LBLBEWERK><agiv:LENGTE>60</agiv:LENGTE><agiv:OPPERVL>201.5</agiv:OPPERVL>
      <gml:polygonProperty><gml:Polygon srsName="EPSG:31370"><gml:outerBoundaryIs><gml:LinearRing>
        <gml:coordinates>83720,175800 83740,175800 83740,175810 83720,175810 83720,175800</gml:coordinates>
      </gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></gml:polygonProperty>
    </agiv:AdpDel>
  </gml:featureMember>
</agiv:FeatureCollection>
